import type { ImageName, Image } from "../../model/images.ts";
import type { Generations } from "../../model/rotation.ts";
import type { Resources } from "../../model/workload.ts";
import type { Platform } from "../../platform/platform.ts";

/** What every service is given. */
export interface ServiceArgs {
  readonly platform: Platform;
  /** The image of a name under the stack's settings. */
  readonly image: (name: ImageName) => Image;
  readonly resources: Resources;
  /** Whether data and the secrets that belong to it refuse to be deleted. */
  readonly protectData: boolean;
  /** Generations of the generated secrets. @default - each is at its first */
  readonly rotation?: Generations;
}

/** Limits of tasks that run for seconds. */
export const JOB_RESOURCES: Resources = { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "1", memory: "256Mi" } };
