import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { eachContainer } from "../read/container.ts";

/** What gives every file to its user and steps down to another, and cannot do more than that. */
export const STEP_DOWN = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"];

export const capabilitiesDropped: ResourcePolicy = {
  kind: "resource",
  name: "capabilities-dropped",
  description:
    "Every container drops all capabilities, and adds none but the five with which an entrypoint steps down from root.",
  enforcement: EVERYWHERE,
  allowed: `all dropped; added: none, or of ${STEP_DOWN.join(", ")}`,
  remedy: "drop ALL and listen on a port above 1023",
  check: eachContainer(({ dropsAllCapabilities, addedCapabilities }) => [
    ...(dropsAllCapabilities ? [] : ["got the engine's default capabilities"]),
    ...addedCapabilities
      .filter((capability) => !STEP_DOWN.includes(capability))
      .map((capability) => `got capability ${capability}`),
  ]),
};
