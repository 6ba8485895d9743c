import { interpolate, output, type Output } from "@pulumi/pulumi";
import type { Endpoint, Ready } from "../../model/workload.ts";
import type { Made } from "../kit/made.ts";

/** A user of the cache and what it logs in with. */
export interface CacheLogin {
  /** @default - the user `default` */
  readonly user?: string | undefined;
  readonly password: Output<string>;
}

/** Where a cache listens, whoever runs it: what a consumer is handed. */
export interface CacheServer {
  readonly host: string;
  readonly port: number;
  /** Whether connections are encrypted. */
  readonly tls: boolean;
  /** Certificate in PEM that signed the server's. @default - a publicly trusted one */
  readonly ca?: string | undefined;
  /** The endpoint, when the server runs in this stack. */
  readonly endpoint?: Endpoint | undefined;
  /** Who reads and writes. */
  readonly login: CacheLogin;
  /** Who asks for figures. @default - nobody */
  readonly monitoring?: CacheLogin | undefined;
  /** Resolves when it answers. */
  readonly ready: Ready;
}

/** How an operator logs in to a cache. */
export function cacheLogins({ login }: Pick<CacheServer, "login">): NonNullable<Made["logins"]> {
  return { cache: { username: login.user ?? "default", password: login.password } };
}

/** What the cache's authority is called among those that a container trusts. */
export const CACHE_AUTHORITY = "cache";

/** `redis://host:port` or `rediss://host:port`. */
export function cacheAddress({ host, port, tls }: Pick<CacheServer, "host" | "port" | "tls">): string {
  return `${tls ? "rediss" : "redis"}://${host}:${port}`;
}

/** The address with user and password; secret because of it. A managed server's password may hold any character. */
export function cacheUrl(server: CacheServer): Output<string> {
  const { user = "", password } = server.login;
  const [scheme = "", address = ""] = cacheAddress(server).split("://");
  return interpolate`${scheme}://${encodeURIComponent(user)}:${output(password).apply(encodeURIComponent)}@${address}/0`;
}

/** What a container that uses the cache must say about its network. */
export function cacheAccess({ endpoint }: Pick<CacheServer, "endpoint">): {
  connectsTo: readonly Endpoint[];
  egress: boolean;
} {
  return endpoint === undefined ? { connectsTo: [], egress: true } : { connectsTo: [endpoint], egress: false };
}
