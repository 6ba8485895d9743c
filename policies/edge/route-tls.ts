import { PROD_ONLY, type PolicyResource, type StackPolicy } from "../policy.ts";
import { kubernetesKind } from "../read/kubernetes.ts";
import { objectName } from "../read/replicas.ts";
import { endsInFront, plainEntryPoints, redirectsToHttps, routersOf } from "../read/traefik.ts";
import { at, isSet, list, record, text } from "../read/values.ts";

export const routeTls: StackPolicy = {
  kind: "stack",
  name: "route-tls",
  description:
    "No public route without TLS, which the way in ends or what is in front of it. A route that only the host's loopback reaches needs none.",
  enforcement: PROD_ONLY,
  allowed: "routes with TLS",
  remedy: "set tls.mode; external is for TLS that ends in front of this stack",
  check: (resources) => [...plainRouters(resources), ...plainIngresses(resources)],
};

function plainRouters(resources: readonly PolicyResource[]): readonly string[] {
  const plain = plainEntryPoints(resources);
  return routersOf(resources)
    .filter(
      ({ tls, redirects, endsInFront: isInFront, entryPoints }) =>
        !tls && !redirects && !isInFront && entryPoints.some((entryPoint) => plain.has(entryPoint.toLowerCase())),
    )
    .map(({ name }) => `route "${name}": got plain HTTP on a public port`);
}

function plainIngresses(resources: readonly PolicyResource[]): readonly string[] {
  const secured = new Set(
    resources
      .filter(
        (resource) =>
          kubernetesKind(resource) === "Middleware" &&
          (redirectsToHttps(resource.props["spec"]) || endsInFront(resource.props["spec"])),
      )
      .map(objectName),
  );
  return resources.flatMap((resource) => {
    const kind = kubernetesKind(resource);
    if (kind !== "Ingress" && kind !== "IngressRoute") return [];
    const tls = at(resource.props, "spec", "tls");
    const encrypted = kind === "Ingress" ? list(tls).length > 0 : isSet(tls) || isSecured(resource, secured);
    return encrypted ? [] : [`${kind} "${resource.name}": got no TLS`];
  });
}

/** Whether every route of an IngressRoute sends clients on to HTTPS, or has TLS end in front of it. */
function isSecured({ props }: PolicyResource, secured: ReadonlySet<string>): boolean {
  const routes = list(at(props, "spec", "routes"));
  const passes = (route: unknown) =>
    list(record(route)["middlewares"]).some((middleware) => secured.has(text(record(middleware)["name"]) ?? ""));
  return routes.length > 0 && routes.every(passes);
}
