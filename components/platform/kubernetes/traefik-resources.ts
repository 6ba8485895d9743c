import type { Input } from "@pulumi/pulumi";
import { DEFAULT_LIMITS } from "../../model/limits.ts";
import type { Route } from "../../model/page.ts";
import type { Duration } from "../../model/units.ts";
import type { IngressSpec } from "../ingress.ts";
import { chain, hostRedirects, largestBody, middlewares, REDIRECT } from "../traefik/middlewares.ts";
import { DIRECTIONS, priority, rule, type Direction } from "../traefik/rules.ts";
import { tlsOptions } from "../traefik/tls.ts";
import type { KubernetesContext } from "./context.ts";
import { objectMetadata } from "./labels.ts";

/** A resource of Traefik's own kinds. */
export interface TraefikResource {
  readonly apiVersion: "traefik.io/v1alpha1";
  readonly kind: "IngressRoute" | "Middleware" | "ServersTransport" | "TLSOption";
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, string>;
  };
  readonly spec: object;
}

/** Names of what every route of a stack uses. */
const TLS_OPTION = "tls";
const TRANSPORT = "services";

/** Time to reach a pod; one that is gone takes its address with it. */
const DIAL_TIMEOUT: Duration = "2s";

/** Limits, headers, TLS options and time-outs: what the routes of a stack share. */
export function sharedResources(
  context: KubernetesContext,
  spec: IngressSpec,
  routes: readonly Route[] = [],
): readonly TraefikResource[] {
  const { responseTimeout } = spec.limits ?? DEFAULT_LIMITS;
  return [
    ...Object.entries({ ...middlewares(spec, routes), ...hostRedirects(routes, spec) }).map(([name, middleware]) =>
      resource(context, "Middleware", name, middleware),
    ),
    resource(context, "ServersTransport", TRANSPORT, {
      forwardingTimeouts: { dialTimeout: DIAL_TIMEOUT, responseHeaderTimeout: responseTimeout },
    }),
    ...(spec.tls === undefined ? [] : [resource(context, "TLSOption", TLS_OPTION, tlsOptions())]),
  ];
}

/** A route's own resources: where it is served, and with TLS the redirect to there. */
export function routeResources(
  context: KubernetesContext,
  route: Route,
  spec: IngressSpec,
  secretName: Input<string> | undefined,
): readonly TraefikResource[] {
  const rules = DIRECTIONS.map((direction) => serve(route, direction, spec));
  if (spec.tls === undefined)
    return [resource(context, "IngressRoute", route.name, { entryPoints: ["web"], routes: rules })];
  return [
    resource(context, "IngressRoute", route.name, {
      entryPoints: ["websecure"],
      routes: rules,
      tls: { secretName, options: { name: TLS_OPTION, namespace: context.namespace } },
    }),
    resource(context, "IngressRoute", `${route.name}-redirect`, {
      entryPoints: ["web"],
      routes: [
        {
          kind: "Rule",
          match: rule(route),
          priority: priority(route),
          middlewares: [{ name: REDIRECT }],
          services: [{ kind: "TraefikService", name: "noop@internal" }],
        },
      ],
    }),
  ];
}

function serve(route: Route, direction: Direction, spec: IngressSpec): object {
  return {
    kind: "Rule",
    match: rule(route, direction, largestBody(spec.limits)),
    priority: priority(route, direction),
    middlewares: chain(route, direction, spec).map((name) => ({ name })),
    services: [{ name: route.to.workload, port: route.to.portName, serversTransport: TRANSPORT }],
  };
}

function resource(
  { identity, namespace, cluster }: KubernetesContext,
  kind: TraefikResource["kind"],
  name: string,
  spec: object,
): TraefikResource {
  return {
    apiVersion: "traefik.io/v1alpha1",
    kind,
    // Traefik that looks at one class only finds its resources by this annotation.
    metadata: {
      ...objectMetadata({ identity, namespace }, name, "route"),
      annotations: { "kubernetes.io/ingress.class": cluster.ingress.class },
    },
    spec,
  };
}
