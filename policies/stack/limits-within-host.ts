import { formatMebibytes } from "../../components/model/units.ts";
import { EVERYWHERE, type StackPolicy } from "../policy.ts";

export const limitsWithinHost: StackPolicy = {
  kind: "stack",
  name: "limits-within-host",
  description:
    "The memory limits of a Docker host's services fit into the host together, so that the kernel never has to choose one to kill.",
  enforcement: EVERYWHERE,
  allowed: "the host's memory, host.memory",
  remedy: "lower the limits or raise host.memory to what the host has",
  check: (resources, { hostMemory }) => {
    const sum = resources
      .filter(({ type, props }) => type === "docker:index/container:Container" && props["attach"] !== true)
      .reduce((total, { props }) => total + (typeof props["memory"] === "number" ? props["memory"] : 0), 0);
    return hostMemory === undefined || sum <= hostMemory
      ? []
      : [`limits: got ${formatMebibytes(sum)} for a host of ${formatMebibytes(hostMemory)}`];
  },
};
