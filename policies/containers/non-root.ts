import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { eachContainer } from "../read/container.ts";
import type { ContainerView } from "../read/view.ts";
import { STEP_DOWN } from "./capabilities.ts";

export const nonRoot: ResourcePolicy = {
  kind: "resource",
  name: "non-root",
  description:
    "No service runs as root. There are two exceptions on Docker. An image's entrypoint may start as root if it has the capabilities to step down. What saves and restores other services' files is root with the capabilities for that alone, where data is.",
  enforcement: EVERYWHERE,
  allowed: "a user that is not root",
  remedy: "set runAs to the image's user of the catalogue",
  check: eachContainer((container) => {
    const { user } = container;
    if (user === undefined) return stepsDown(container) ? [] : ["got no user, which is root in most images"];
    return /^(0|root)(:|$)/.test(user) && !administersFiles(container) ? [`got user "${user}"`] : [];
  }),
};

function stepsDown({ platform, dropsAllCapabilities, addedCapabilities }: ContainerView): boolean {
  return (
    platform === "docker" &&
    dropsAllCapabilities &&
    ["SETUID", "SETGID"].every((capability) => addedCapabilities.includes(capability))
  );
}

/** The rights to every file and no others, and no way in: backups read what each service's own user wrote, and nobody calls them. */
function administersFiles({
  platform,
  holdsData,
  dropsAllCapabilities,
  addedCapabilities,
  published,
}: ContainerView): boolean {
  const forFiles =
    addedCapabilities.length === STEP_DOWN.length &&
    STEP_DOWN.every((capability) => addedCapabilities.includes(capability));
  return platform === "docker" && holdsData && dropsAllCapabilities && forFiles && published.length === 0;
}
