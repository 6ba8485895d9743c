import { EVERYWHERE, type PolicyResource, type ResourcePolicy } from "../policy.ts";
import { isSet, record, text } from "../read/values.ts";

const ROTATED = ["max-size", "max-file"];
/** What bounds a container's log on the host, by driver; GELF sends lines on and keeps a copy for `docker logs`. */
const BOUNDS: Readonly<Record<string, readonly string[]>> = {
  "json-file": ROTATED,
  local: ROTATED,
  gelf: ["cache-max-size", "cache-max-file"],
};

export const logRotation: ResourcePolicy = {
  kind: "resource",
  name: "log-rotation",
  description: "Every container's log on a Docker host is rotated: Docker's default grows until the disk is full.",
  enforcement: EVERYWHERE,
  allowed: `driver ${Object.entries(BOUNDS)
    .map(([driver, bounds]) => `${driver} with ${bounds.join(" and ")}`)
    .join(", or ")}`,
  remedy: "set logDriver and logOpts",
  check: ({ type, name, props }: PolicyResource) => {
    if (type !== "docker:index/container:Container") return [];
    const driver = text(props["logDriver"]) ?? "none set";
    const bounds = BOUNDS[driver];
    if (bounds === undefined) return [`container "${name}": got log driver ${driver}`];
    return bounds
      .filter((option) => !isSet(record(props["logOpts"])[option]))
      .map((option) => `container "${name}": got no ${option}`);
  },
};
