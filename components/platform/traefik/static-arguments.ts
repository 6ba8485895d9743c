import { DEFAULT_LIMITS } from "../../model/limits.ts";
import type { IngressSpec } from "../ingress.ts";

/** Largest headers of one request, in bytes. */
const MAX_HEADERS = 64 * 1024;

/** Networks that containers and the host itself are in. */
const PRIVATE_NETWORKS = "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16";

/** Traefik's arguments for an entry point that clients use. */
export function entryPointArguments(
  name: string,
  port: number,
  { front, limits = DEFAULT_LIMITS }: IngressSpec,
): readonly string[] {
  const timeouts = `--entrypoints.${name}.transport.respondingtimeouts`;
  return [
    `--entrypoints.${name}.address=:${port}`,
    `${timeouts}.readtimeout=${limits.readTimeout}`,
    `${timeouts}.idletimeout=${limits.idleTimeout}`,
    `--entrypoints.${name}.transport.lifecycle.gracetimeout=10s`,
    `--entrypoints.${name}.http.maxheaderbytes=${MAX_HEADERS}`,
    // Without this the proxy would tell services that a request came over HTTP, and they would redirect it for ever.
    ...(front?.kind === "tunnel" ? [`--entrypoints.${name}.forwardedheaders.trustedips=${PRIVATE_NETWORKS}`] : []),
    // Only the holder of the client certificate gets as far as to send headers.
    ...(front?.kind === "proxy" && name === "websecure"
      ? [`--entrypoints.${name}.forwardedheaders.insecure=true`]
      : []),
  ];
}

/** One JSON line a request. Paths carry query strings, headers carry cookies, URLs carry names: all can hold tokens. */
export const ACCESS_LOG_ARGUMENTS = [
  "--accesslog=true",
  "--accesslog.format=json",
  "--accesslog.fields.headers.defaultmode=drop",
  "--accesslog.fields.names.RequestPath=drop",
  "--accesslog.fields.names.ClientUsername=drop",
] as const;
