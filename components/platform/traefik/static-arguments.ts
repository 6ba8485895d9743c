import { DEFAULT_LIMITS } from "../../model/limits.ts";
import type { IngressSpec } from "../ingress.ts";
import { frontArguments } from "./front.ts";

/** Largest headers of one request, in bytes. */
const MAX_HEADERS = 64 * 1024;

/** Traefik's arguments for an entry point that clients use. */
export function entryPointArguments(name: string, port: number, spec: IngressSpec): readonly string[] {
  const { limits = DEFAULT_LIMITS } = spec;
  const timeouts = `--entrypoints.${name}.transport.respondingtimeouts`;
  return [
    `--entrypoints.${name}.address=:${port}`,
    `${timeouts}.readtimeout=${limits.readTimeout}`,
    `${timeouts}.idletimeout=${limits.idleTimeout}`,
    `--entrypoints.${name}.transport.lifecycle.gracetimeout=10s`,
    `--entrypoints.${name}.http.maxheaderbytes=${MAX_HEADERS}`,
    ...frontArguments(name, spec),
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
