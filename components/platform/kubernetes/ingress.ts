import { apiextensions, core, networking } from "@pulumi/kubernetes";
import type { types } from "@pulumi/kubernetes";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { ModelError } from "../../model/errors.ts";
import { checkRoutes } from "../../model/page-check.ts";
import { hiddenBelow, ROOT_PATH, type Route } from "../../model/page.ts";
import { ingressUrl, type Ingress, type IngressSpec } from "../ingress.ts";
import type { KubernetesContext } from "./context.ts";
import { tlsSecret } from "./ingress-tls.ts";
import { NO_AWAIT, objectMetadata } from "./labels.ts";
import { entryPolicy, routePolicy, solverPolicy } from "./network-policy.ts";
import { routeResources, sharedResources, type TraefikResource } from "./traefik-resources.ts";

/** A controller's own ports. */
const PORTS = { http: 80, https: 443 } as const;

/** Where an Ingress leads what nobody gets: it can refuse nothing by itself, and behind this Service is no pod. */
const NOWHERE = "nowhere";

/**
 * One route of a controller that is not Traefik: host, path and certificate, and
 * nothing that only Traefik knows. Of two paths the longer one counts.
 */
export function ingressObject(
  context: KubernetesContext,
  route: Route,
  secretName?: Input<string>,
): types.input.networking.v1.Ingress {
  const { name, host, path = ROOT_PATH, to } = route;
  const prefix = (path: string, service: string, port: string) => ({
    path,
    pathType: "Prefix",
    backend: { service: { name: service, port: { name: port } } },
  });
  // A cluster without a load balancer never gives an Ingress an address, and the provider would wait for one.
  const annotations = { ...context.cluster.ingress.annotations, ...NO_AWAIT };
  return {
    metadata: { ...objectMetadata(context, name, "route"), annotations },
    spec: {
      ingressClassName: context.cluster.ingress.class,
      ...(secretName !== undefined && { tls: [{ hosts: [host], secretName }] }),
      rules: [
        {
          host,
          http: {
            paths: [
              ...hiddenBelow(route).map((hidden) => prefix(hidden, NOWHERE, NOWHERE)),
              prefix(path, to.workload, to.portName),
            ],
          },
        },
      ],
    },
  };
}

function nowhere(context: KubernetesContext): types.input.core.v1.Service {
  return {
    metadata: { ...objectMetadata(context, NOWHERE, "route"), annotations: NO_AWAIT },
    spec: { type: "ClusterIP", ports: [{ name: NOWHERE, port: 80, protocol: "TCP" }] },
  };
}

/** @throws ModelError for a strategy that neither an Ingress nor a Service has */
export function checkBalancing({ name, balancing = "round-robin" }: Route): void {
  if (balancing !== "round-robin")
    throw new ModelError({
      got: `route "${name}": got balancing "${balancing}"`,
      allowed: '"round-robin" on Kubernetes',
      fix: "remove app.balancing from this stack",
    });
}

/** @throws ModelError for a path that what is behind the route is not to see */
export function checkStrips({ name, path = ROOT_PATH, stripsPath = false }: Route): void {
  if (stripsPath)
    throw new ModelError({
      got: `route "${name}": got path "${path}", without which its service is to see requests`,
      allowed: "paths as they are with kubernetes.ingress.controller other: an Ingress changes none",
      fix: "use a cluster with Traefik, or serve it without a route",
    });
}

/**
 * The way in through the cluster's ingress controller. What is not public gets
 * no route: whoever may forward ports of the namespace reaches it.
 */
export function kubernetesIngress(
  context: KubernetesContext,
  given: IngressSpec,
  options: CustomResourceOptions,
): Ingress {
  // The controller decides whom it trusts; what is not public has no route at all.
  const spec: IngressSpec = {
    ...given,
    bind: "loopback",
    port: PORTS.http,
    tls: given.tls && { ...given.tls, port: PORTS.https },
  };
  const isPublic = ({ audience }: Pick<Route, "audience">) => audience === "public";
  return {
    url: (host, audience, { port }) =>
      isPublic({ audience }) ? ingressUrl(spec, host, audience) : `http://localhost:${port}/`,
    access: (route) =>
      isPublic(route)
        ? undefined
        : `kubectl --namespace ${context.namespace} port-forward service/${route.to.workload} ${route.to.port}`,
    serves: (audience) => isPublic({ audience }),
    entry: () => ({
      address: `${context.cluster.ingress.service}.${context.cluster.ingress.namespace}.svc:${PORTS.http}`,
    }),
    route(routes) {
      checkRoutes(routes);
      routes.forEach(checkBalancing);
      const open = routes.filter(isPublic);
      const secretName = tlsSecret(context, spec, open, options);
      if (spec.front?.kind === "tunnel")
        new networking.v1.NetworkPolicy("tunnel-entry", entryPolicy(context, spec.front.client, PORTS.http), options);
      if (spec.tls?.source.kind === "acme")
        new networking.v1.NetworkPolicy("acme-solver", solverPolicy(context), options);
      const isTraefik = context.cluster.ingress.controller === "traefik";
      if (!isTraefik) open.forEach(checkStrips);
      const shared = isTraefik
        ? sharedResources(context, spec, open).map((resource) => custom(resource, options))
        : open.some((route) => hiddenBelow(route).length > 0)
          ? [new core.v1.Service(NOWHERE, nowhere(context), options)]
          : [];
      for (const route of open) {
        const policy = new networking.v1.NetworkPolicy(
          `route-${route.name}`,
          routePolicy(context, route.name, route.to),
          options,
        );
        const after = { ...options, dependsOn: [policy, ...shared] };
        if (isTraefik) routeResources(context, route, spec, secretName).forEach((resource) => custom(resource, after));
        else new networking.v1.Ingress(`route-${route.name}`, ingressObject(context, route, secretName), after);
      }
    },
  };
}

function custom(resource: TraefikResource, options: CustomResourceOptions): apiextensions.CustomResource {
  return new apiextensions.CustomResource(
    `${resource.kind.toLowerCase()}-${resource.metadata.name}`,
    resource,
    options,
  );
}
