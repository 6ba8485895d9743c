import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { eachContainer } from "../read/container.ts";

export const limitsSet: ResourcePolicy = {
  kind: "resource",
  name: "limits-set",
  description: "Every container has a limit of memory and of CPU, so that one cannot starve the others.",
  enforcement: EVERYWHERE,
  allowed: "limits of memory and CPU",
  remedy: "set resources.limits of the service",
  check: eachContainer(({ missingLimits }) => missingLimits.map((missing) => `got no limit of ${missing}`)),
};
