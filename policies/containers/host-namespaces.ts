import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { eachContainer } from "../read/container.ts";

export const noHostNamespaces: ResourcePolicy = {
  kind: "resource",
  name: "no-host-namespaces",
  description:
    "No container shares the host's network, processes or IPC: it would see and reach what every other one keeps to itself.",
  enforcement: EVERYWHERE,
  allowed: "namespaces of its own",
  remedy: "remove the host mode and declare what it connects to",
  check: eachContainer(({ hostNamespaces }) =>
    hostNamespaces.map((namespace) => `got the host's ${namespace} namespace`),
  ),
};
