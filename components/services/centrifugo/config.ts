import { jsonStringify, type Output } from "@pulumi/pulumi";
import { seconds, type Bytes, type Duration } from "../../model/units.ts";
import { authorityPath } from "../kit/authorities.ts";
import type { SecretValues } from "../kit/secrets.ts";
import { cacheAddress, CACHE_AUTHORITY, type CacheServer } from "../cache/server.ts";
import { connectionLimit } from "./connections.ts";
import { CLIENT_PORT } from "./index.ts";
import type { Channels } from "./settings.ts";

/** The port of the API, health and figures: nothing of it is routed. */
export const INTERNAL_PORT = 9000;

/** Path of the WebSocket, which is the only way in for clients. */
export const WEBSOCKET_PATH = "/connection/websocket";

/** Time in which clients are told to come back before the process ends. */
export const SHUTDOWN: Duration = "30s";

export interface CentrifugoConfigArgs {
  /** The cache that keeps messages and carries them between replicas. @default - the memory of the one replica */
  readonly cache: CacheServer | undefined;
  /** The stack's name: others may use the same cache. */
  readonly stack: string;
  /** Sites whose pages may connect. */
  readonly origins: readonly string[];
  readonly channels: Channels;
  readonly namespaces: Readonly<Record<string, Channels>>;
  /** The memory limit of a replica. */
  readonly memory: Bytes;
  /** What signs tokens: the current one, and the one before, which still verifies. */
  readonly tokenSecrets: SecretValues;
  /** What the API asks for. */
  readonly apiKey: Output<string>;
}

/**
 * The whole configuration, which holds secrets: the program reads them from one
 * file or from its environment, and from no other files. It warns of keys that
 * it does not know and starts without them.
 */
export function centrifugoConfiguration(args: CentrifugoConfigArgs): Output<string> {
  const [current, previous] = args.tokenSecrets;
  return jsonStringify({
    http_server: { port: CLIENT_PORT, internal_port: String(INTERNAL_PORT) },
    client: {
      allowed_origins: args.origins,
      connection_limit: connectionLimit(args.memory),
      token: { hmac_secret_key: current, ...(previous && { hmac_previous_secret_key: previous }) },
    },
    channel: {
      without_namespace: channelOptions(args.channels),
      namespaces: Object.entries(args.namespaces).map(([name, channels]) => ({ name, ...channelOptions(channels) })),
    },
    http_api: { key: args.apiKey },
    engine: args.cache === undefined ? { type: "memory" } : { type: "redis", redis: redis(args.cache, args.stack) },
    health: { enabled: true },
    prometheus: { enabled: true },
    admin: { enabled: false },
    usage_stats: { disabled: true },
    shutdown: { timeout: SHUTDOWN },
  });
}

function redis(cache: CacheServer, stack: string): object {
  const { host, port, tls, ca, login } = cache;
  return {
    address: cacheAddress({ host, port, tls: false }),
    ...(login.user !== undefined && { user: login.user }),
    password: login.password,
    // Messages between replicas cross all numbered databases of a server, so only a prefix keeps stacks apart.
    prefix: `${stack}/centrifugo`,
    ...(tls && {
      tls: {
        enabled: true,
        server_name: host,
        ...(ca !== undefined && { server_ca_pem: authorityPath(CACHE_AUTHORITY) }),
      },
    }),
  };
}

/** The options of a group of channels under Centrifugo's own names. */
function channelOptions(channels: Channels): object {
  const { historySize, historyTtl } = channels;
  return {
    ...(historySize > 0 && { history_size: historySize, history_ttl: `${seconds(historyTtl)}s`, force_recovery: true }),
    presence: channels.presence,
    join_leave: channels.joinLeave,
    force_push_join_leave: channels.joinLeave,
    allow_user_limited_channels: channels.userLimited,
    allow_subscribe_for_client: channels.subscribeForClient,
    allow_publish_for_subscriber: channels.publishForSubscriber,
    allow_presence_for_subscriber: channels.presenceForSubscriber,
    allow_history_for_subscriber: channels.historyForSubscriber,
  };
}
