import { PROD_ONLY, type PolicyResource, type StackPolicy } from "../policy.ts";
import { kubernetesKind } from "../read/kubernetes.ts";
import { objectName } from "../read/replicas.ts";
import { plainEntryPoints, redirectsToHttps, routersOf } from "../read/traefik.ts";
import { at, isSet, list, record, text } from "../read/values.ts";

export const routeTls: StackPolicy = {
  kind: "stack",
  name: "route-tls",
  description: "No public route without TLS. A route that only the host's loopback reaches needs none.",
  enforcement: PROD_ONLY,
  allowed: "routes with TLS",
  remedy: "switch TLS on, or bind the proxy to the loopback behind something that has it",
  check: (resources) => [...plainRouters(resources), ...plainIngresses(resources)],
};

function plainRouters(resources: readonly PolicyResource[]): readonly string[] {
  const plain = plainEntryPoints(resources);
  return routersOf(resources)
    .filter(
      ({ tls, redirects, entryPoints }) =>
        !tls && !redirects && entryPoints.some((entryPoint) => plain.has(entryPoint.toLowerCase())),
    )
    .map(({ name }) => `route "${name}": got plain HTTP on a public port`);
}

function plainIngresses(resources: readonly PolicyResource[]): readonly string[] {
  const redirects = new Set(
    resources
      .filter((resource) => kubernetesKind(resource) === "Middleware" && redirectsToHttps(resource.props["spec"]))
      .map(objectName),
  );
  return resources.flatMap((resource) => {
    const kind = kubernetesKind(resource);
    if (kind !== "Ingress" && kind !== "IngressRoute") return [];
    const tls = at(resource.props, "spec", "tls");
    const encrypted = kind === "Ingress" ? list(tls).length > 0 : isSet(tls) || sendsOn(resource, redirects);
    return encrypted ? [] : [`${kind} "${resource.name}": got no TLS`];
  });
}

/** Whether every route of an IngressRoute does nothing but send clients on to HTTPS. */
function sendsOn({ props }: PolicyResource, redirects: ReadonlySet<string>): boolean {
  const routes = list(at(props, "spec", "routes"));
  const isRedirect = (route: unknown) =>
    list(record(route)["middlewares"]).some((middleware) => redirects.has(text(record(middleware)["name"]) ?? ""));
  return routes.length > 0 && routes.every(isRedirect);
}
