import { physicalName } from "../../components/model/identity.ts";
import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { kubernetesKind } from "../read/kubernetes.ts";
import { at, text } from "../read/values.ts";

const SHARED = ["docker:index/container:Container", "docker:index/network:Network", "docker:index/volume:Volume"];

/** A DNS label, or several with dots between them. */
const DNS = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

export const names: ResourcePolicy = {
  kind: "resource",
  name: "names",
  description:
    "Names on a Docker host begin with the project and the stack, so that stacks share a host; all names are fit for DNS.",
  enforcement: EVERYWHERE,
  allowed: "lower-case letters, digits and hyphens, up to 63; on Docker behind <project>-<stack>-",
  remedy: "name it with physicalName",
  check: (resource, { identity }) => {
    const name = SHARED.includes(resource.type) ? text(resource.props["name"]) : kubernetesName(resource);
    if (name === undefined) return [];
    const foreign = SHARED.includes(resource.type) && !name.startsWith(physicalName(identity, ""));
    return foreign || !DNS.test(name) ? [`"${resource.name}": got the name "${name}"`] : [];
  },
};

function kubernetesName(resource: Parameters<ResourcePolicy["check"]>[0]): string | undefined {
  return kubernetesKind(resource) === undefined ? undefined : text(at(resource.props, "metadata", "name"));
}
