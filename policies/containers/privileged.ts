import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { eachContainer } from "../read/container.ts";

export const noPrivileged: ResourcePolicy = {
  kind: "resource",
  name: "no-privileged",
  description: "No container is privileged: such a container is root on the host.",
  enforcement: EVERYWHERE,
  allowed: "containers without it",
  remedy: "remove privileged",
  check: eachContainer(({ privileged }) => (privileged ? ["got privileged"] : [])),
};
