import { PROD_ONLY, type PolicyResource, type StackPolicy } from "../policy.js";
import { kubernetesKind } from "../read/kubernetes.js";
import { plainEntryPoints, routersOf } from "../read/traefik.js";
import { at, isSet, list } from "../read/values.js";

export const routeTls: StackPolicy = {
  kind: "stack",
  name: "route-tls",
  description: "No public route without TLS. A route that only the host's loopback reaches needs none.",
  enforcement: PROD_ONLY,
  allowed: "routes with TLS",
  remedy: "switch TLS on, or bind the proxy to the loopback behind something that has it",
  check: (resources) => [...plainRouters(resources), ...resources.flatMap(plainIngress)],
};

function plainRouters(resources: readonly PolicyResource[]): readonly string[] {
  const plain = plainEntryPoints(resources);
  return routersOf(resources)
    .filter(({ tls, entryPoints }) => !tls && entryPoints.some((entryPoint) => plain.has(entryPoint.toLowerCase())))
    .map(({ name }) => `route "${name}": got plain HTTP on a public port`);
}

function plainIngress(resource: PolicyResource): readonly string[] {
  const kind = kubernetesKind(resource);
  if (kind !== "Ingress" && kind !== "IngressRoute") return [];
  const tls = at(resource.props, "spec", "tls");
  const encrypted = kind === "Ingress" ? list(tls).length > 0 : isSet(tls);
  return encrypted ? [] : [`${kind} "${resource.name}": got no TLS`];
}
