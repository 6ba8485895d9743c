import { DEFAULT_LIMITS } from "../../model/limits.ts";
import type { Balancing, Route } from "../../model/page.ts";
import type { Duration } from "../../model/units.ts";
import type { CertificateSource, IngressSpec } from "../ingress.ts";
import { chain, hostRedirects, largestBody, middlewares, REDIRECT } from "../traefik/middlewares.ts";
import { DIRECTIONS, priority, rule, type Direction } from "../traefik/rules.ts";
import { tlsOptions } from "../traefik/tls.ts";
import { ACME_RESOLVER, entryPointsOf } from "./proxy.ts";
import { operatorsMiddleware } from "./operators.ts";
import { CERTIFICATE_FILES } from "./tls-files.ts";

/** Traefik's name of each strategy; power of two choices picks the less loaded of two. */
const STRATEGY: Record<Balancing, string> = { "round-robin": "wrr", "least-loaded": "p2c" };

/** How the proxy opens connections to services. */
const TRANSPORT = "services";

/** Time to reach a replica. One that was killed leaves no name behind, and a resolver may be slow to say so. */
const DIAL_TIMEOUT: Duration = "2s";

/** Traefik's dynamic configuration: a router for each kind of request and a service a route. */
export function dynamicConfiguration(unsorted: readonly Route[], spec: IngressSpec): object {
  const routes = [...unsorted].sort((a, b) => (a.name < b.name ? -1 : 1));
  const { responseTimeout } = spec.limits ?? DEFAULT_LIMITS;
  return {
    http: {
      routers: Object.fromEntries(routes.flatMap((route) => routers(route, spec))),
      middlewares: { ...middlewares(spec, routes), ...hostRedirects(routes, spec), ...operatorsMiddleware(spec) },
      services: Object.fromEntries(routes.map((route) => [route.name, service(route)])),
      serversTransports: {
        [TRANSPORT]: { forwardingTimeouts: { dialTimeout: DIAL_TIMEOUT, responseHeaderTimeout: responseTimeout } },
      },
    },
    ...(spec.tls && { tls: tls(spec) }),
  };
}

function routers(route: Route, spec: IngressSpec): [string, object][] {
  const entryPoints = entryPointsOf(route.audience, spec);
  const named = (
    direction: Direction,
    suffix: string,
    places: readonly string[],
    secured: object,
  ): [string, object] => [
    `${route.name}${suffix}`,
    {
      rule: rule(route, direction, largestBody(spec.limits)),
      priority: priority(route, direction),
      service: route.name,
      entryPoints: places,
      middlewares: chain(route, direction, spec),
      ...secured,
    },
  ];
  const on = (places: readonly string[], suffix: string, secured: object) =>
    places.length === 0
      ? []
      : DIRECTIONS.map((direction) =>
          named(direction, `${direction === "read" ? "" : `-${direction}`}${suffix}`, places, secured),
        );
  const secure = entryPoints.filter((name) => name === "websecure");
  return [
    ...on(
      entryPoints.filter((name) => name !== "websecure"),
      "",
      {},
    ),
    ...on(secure, entryPoints.length > 1 ? "-tls" : "", { tls: routerTls(spec.tls?.source) }),
    ...(secure.length > 0 ? [redirect(route)] : []),
  ];
}

/** Sends a known host to HTTPS; an unknown one gets 404 as everywhere. */
function redirect(route: Route): [string, object] {
  return [
    `${route.name}-redirect`,
    {
      rule: rule(route),
      priority: priority(route),
      service: "noop@internal",
      entryPoints: ["web"],
      middlewares: [REDIRECT],
    },
  ];
}

function routerTls(source: CertificateSource | undefined): object {
  if (source?.kind !== "acme") return {};
  const { challenge } = source.acme;
  // One certificate for the domain and all names below it; the HTTP challenge cannot prove a wildcard and takes one a host.
  return challenge.kind === "http"
    ? { certResolver: ACME_RESOLVER }
    : { certResolver: ACME_RESOLVER, domains: [{ main: challenge.domain, sans: [`*.${challenge.domain}`] }] };
}

function tls({ tls: settings, front }: IngressSpec): object {
  const { chain: certFile, key: keyFile, clientCa } = CERTIFICATE_FILES;
  return {
    options: { default: tlsOptions(front?.kind === "proxy" ? clientCa : undefined) },
    ...(settings?.source.kind === "given" && { certificates: [{ certFile, keyFile }] }),
  };
}

function service({ to, balancing = "round-robin", healthPath }: Route): object {
  return {
    loadBalancer: {
      strategy: STRATEGY[balancing],
      serversTransport: TRANSPORT,
      servers: to.replicaHosts.map((host) => ({ url: `http://${host}:${to.port}` })),
      ...(healthPath && { healthCheck: { path: healthPath, interval: "2s", timeout: "2s" } }),
    },
  };
}
