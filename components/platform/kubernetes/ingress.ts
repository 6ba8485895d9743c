import { networking } from "@pulumi/kubernetes";
import type { types } from "@pulumi/kubernetes";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { ModelError } from "../../model/errors.js";
import type { Route } from "../../model/routes.js";
import type { Ingress } from "../platform.js";
import type { KubernetesContext } from "./context.js";
import { objectLabels } from "./labels.js";
import { routePolicy } from "./network-policy.js";

/** A cluster without a load balancer never gives an Ingress an address, and the provider would wait for one. */
const NO_AWAIT = { "pulumi.com/skipAwait": "true" };

/** One route of the cluster's own ingress controller. */
export function ingressObject(context: KubernetesContext, { name, host, path = "/", to, balancing = "round-robin" }: Route): types.input.networking.v1.Ingress {
  if (balancing !== "round-robin")
    throw new ModelError({
      got: `route "${name}": got balancing "${balancing}"`,
      allowed: '"round-robin" on Kubernetes: an Ingress has no other way',
      fix: "remove app.balancing from this stack",
    });
  return {
    metadata: { name, namespace: context.namespace, labels: objectLabels(context.identity, name, "route"), annotations: NO_AWAIT },
    spec: {
      ingressClassName: context.cluster.ingress.class,
      rules: [{ host, http: { paths: [{ path, pathType: "Prefix", backend: { service: { name: to.workload, port: { name: to.portName } } } }] } }],
    },
  };
}

/**
 * The way in through the cluster's ingress controller. Operators' pages get no
 * Ingress: whoever may forward ports of the namespace reaches them.
 */
export function kubernetesIngress(context: KubernetesContext, options: CustomResourceOptions): Ingress {
  const isPublic = ({ audience }: Pick<Route, "audience">) => audience === "public";
  return {
    url: (host, audience, { port }) => (isPublic({ audience }) ? `http://${host}/` : `http://localhost:${port}/`),
    access: (route) => (isPublic(route) ? undefined : `kubectl --namespace ${context.namespace} port-forward service/${route.to.workload} ${route.to.port}`),
    route(routes) {
      for (const route of routes.filter(isPublic)) {
        const policy = new networking.v1.NetworkPolicy(`route-${route.name}`, routePolicy(context, route.name, route.to), options);
        new networking.v1.Ingress(`route-${route.name}`, ingressObject(context, route), { ...options, dependsOn: [policy] });
      }
    },
  };
}
