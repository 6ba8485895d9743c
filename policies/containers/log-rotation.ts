import { EVERYWHERE, type PolicyResource, type ResourcePolicy } from "../policy.js";
import { isSet, record, text } from "../read/values.js";

/** Drivers that write files on the host and can rotate them. */
const DRIVERS = ["json-file", "local"];

export const logRotation: ResourcePolicy = {
  kind: "resource",
  name: "log-rotation",
  description: "Every container's log on a Docker host is rotated: Docker's default grows until the disk is full.",
  enforcement: EVERYWHERE,
  allowed: `driver ${DRIVERS.join(" or ")} with max-size and max-file`,
  remedy: "set logDriver and logOpts",
  check: ({ type, name, props }: PolicyResource) => {
    if (type !== "docker:index/container:Container") return [];
    const driver = text(props["logDriver"]) ?? "none set";
    if (!DRIVERS.includes(driver)) return [`container "${name}": got log driver ${driver}`];
    return ["max-size", "max-file"].filter((option) => !isSet(record(props["logOpts"])[option])).map((option) => `container "${name}": got no ${option}`);
  },
};
