import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { eachContainer } from "../read/container.ts";
import type { ContainerView } from "../read/view.ts";

/** Services that may be root, and why: each has all capabilities dropped but those for files, and no way in. */
const ALLOWED: Readonly<Record<string, string>> = {
  backup: "reads and restores files of every service, whoever owns them",
  "backup-tools": "writes into a fresh volume, which belongs to root",
};

export const nonRoot: ResourcePolicy = {
  kind: "resource",
  name: "non-root",
  description: "No service runs as root. On Docker an image's entrypoint may start as root where it has the capabilities to step down.",
  enforcement: EVERYWHERE,
  allowed: "a user that is not root",
  remedy: "set runAs to the image's user of the catalogue",
  check: eachContainer((container) => {
    const { user, service, dropsAllCapabilities } = container;
    if (Object.hasOwn(ALLOWED, service) && dropsAllCapabilities) return [];
    if (user === undefined) return stepsDown(container) ? [] : ["got no user, which is root in most images"];
    return /^(0|root)(:|$)/.test(user) ? [`got user "${user}"`] : [];
  }),
};

function stepsDown({ platform, dropsAllCapabilities, addedCapabilities }: ContainerView): boolean {
  return platform === "docker" && dropsAllCapabilities && ["SETUID", "SETGID"].every((capability) => addedCapabilities.includes(capability));
}
