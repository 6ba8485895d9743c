import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { eachContainer } from "../read/container.ts";

export const noNewPrivileges: ResourcePolicy = {
  kind: "resource",
  name: "no-new-privileges",
  description: "No process gains rights by a set-user-id program.",
  enforcement: EVERYWHERE,
  allowed: "no-new-privileges:true on Docker, allowPrivilegeEscalation: false on Kubernetes",
  remedy: "set it",
  check: eachContainer((container) => (container.noNewPrivileges ? [] : ["got neither"])),
};
