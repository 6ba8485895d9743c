import * as cloudflare from "@pulumi/cloudflare";
import { all, ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { TUNNEL_REPLICAS, TUNNEL_RESOURCES } from "../model/fixed-resources.ts";
import type { Image } from "../model/images.ts";
import { ROOT_PATH, type Audience, type Route } from "../model/page.ts";
import type { WorkloadSpec } from "../model/workload.ts";
import type { Entry } from "../platform/ingress.ts";
import { generatedSecret } from "../services/kit/secrets.ts";
import type { ServiceArgs } from "../services/kit/service-args.ts";
import { shownWorkload } from "../services/kit/shown.ts";
import type { CloudflareProvider } from "./provider.ts";

/** The tunnel, and the workload of its client. */
export const TUNNEL_NAME = "tunnel";

export interface TunnelArgs extends Pick<ServiceArgs<"cloudflared">, "platform" | "image"> {
  readonly accountId: string;
  /** The tunnel's name in the account. */
  readonly owner: string;
  readonly routes: readonly Route[];
  /** Where requests for an audience are delivered. */
  readonly entry: (audience: Audience) => Entry;
  /** Tokens that the client asks for before what is not public. @default - none */
  readonly tokens?: Tokens | undefined;
  readonly provider: CloudflareProvider;
}

/** Tokens that Access gives to whoever may enter. */
export interface Tokens {
  /** The organisation that signs them. */
  readonly teamName: string;
  /** Whom they are for, by host. */
  readonly audiences: ReadonlyMap<string, readonly Output<string>[]>;
}

/** A tunnel and its client: the host opens the connections, so no port of it needs to be open. */
export class Tunnel extends ComponentResource {
  readonly tunnelId: Output<string>;

  constructor(name: string, args: TunnelArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:edge:Tunnel", name, {}, opts);
    const { accountId, owner, routes, entry, tokens, platform, provider } = args;
    const options = { parent: this, provider };
    const tunnelSecret = generatedSecret(`${name}-secret`, { protect: false, parent: this }).apply(base64);
    const tunnel = new cloudflare.ZeroTrustTunnelCloudflared(
      name,
      { accountId, name: owner, configSrc: "cloudflare", tunnelSecret },
      options,
    );
    // Cloudflare hands the rules to the client, so that other routes leave it and its connections alone.
    new cloudflare.ZeroTrustTunnelCloudflaredConfig(
      name,
      {
        accountId,
        tunnelId: tunnel.id,
        source: "cloudflare",
        config: { ingresses: [...tunnelIngresses(routes, entry, tokens)] },
      },
      options,
    );
    const token = all([tunnel.id, tunnelSecret]).apply(([tunnelId, secretText]) =>
      tunnelToken(accountId, tunnelId, secretText),
    );
    const client = platform.workload(
      name,
      cloudflaredWorkload({
        image: args.image("cloudflared"),
        token,
        entries: [entry("public"), entry("team")],
        replicas: TUNNEL_REPLICAS[platform.facts.singleHost ? "docker" : "kubernetes"],
      }),
      {
        parent: this,
      },
    );
    this.tunnelId = tunnel.id;
    this.registerOutputs({ tunnelId: this.tunnelId, ...shownWorkload(client) });
  }
}

/** The client's rules: longest path first, and 404 for a host that no route is for. */
export function tunnelIngresses(
  routes: readonly Route[],
  entry: (audience: Audience) => Pick<Entry, "address">,
  tokens?: Tokens,
) {
  const sorted = [...routes].sort((a, b) =>
    a.host < b.host ? -1 : a.host > b.host ? 1 : (b.path ?? ROOT_PATH).length - (a.path ?? ROOT_PATH).length,
  );
  return [
    ...sorted.map(({ host, path = ROOT_PATH, audience }) => ({
      hostname: host,
      ...(path !== ROOT_PATH && { path: `^${path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}` }),
      service: `http://${entry(audience).address}`,
      ...originRequest(host, audience, tokens),
    })),
    { service: "http_status:404" },
  ];
}

/** Of a host's applications any: where each ends, Access and the client say in different words. */
function originRequest(host: string, audience: Audience, tokens: Tokens | undefined): object {
  if (tokens === undefined || audience === "public") return {};
  const { teamName, audiences } = tokens;
  return { originRequest: { access: { required: true, teamName, audTags: [...(audiences.get(host) ?? [])] } } };
}

/** What the client shows to Cloudflare: account, tunnel and secret, as one text. */
export function tunnelToken(accountId: string, tunnelId: string, tunnelSecret: string): string {
  return base64(JSON.stringify({ a: accountId, t: tunnelId, s: tunnelSecret }));
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

const TOKEN_FILE = "/run/secrets/tunnel-token";
const METRICS_PORT = 2000;

export interface CloudflaredWorkloadArgs {
  readonly image: Image;
  readonly token: Output<string>;
  /** Ports of the way in that it delivers to. */
  readonly entries: readonly Entry[];
  /** Clients of one tunnel share its requests; when one ends, the others go on. @default 1 */
  readonly replicas?: number;
}

export function cloudflaredWorkload({
  image,
  token,
  entries,
  replicas = 1,
}: CloudflaredWorkloadArgs): WorkloadSpec<"edge"> {
  return {
    tier: "edge",
    zone: "edge",
    image,
    args: ["tunnel", "--no-autoupdate", "--metrics", `0.0.0.0:${METRICS_PORT}`, "run", "--token-file", TOKEN_FILE],
    secretFiles: [{ path: TOKEN_FILE, content: token }],
    resources: TUNNEL_RESOURCES,
    runAs: { uid: image.uid, gid: image.gid },
    ports: { metrics: { port: METRICS_PORT, exposure: "internal" } },
    // The image has no shell and no HTTP tool; the program asks itself.
    probe: { kind: "exec", command: ["cloudflared", "tunnel", "--metrics", `127.0.0.1:${METRICS_PORT}`, "ready"] },
    metrics: { port: "metrics", path: "/metrics" },
    connectsTo: [
      ...new Map(entries.flatMap(({ address, endpoint }) => (endpoint ? [[address, endpoint]] : []))).values(),
    ],
    egress: true,
    replicas,
  };
}
