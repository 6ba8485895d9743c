import type { ImageName, Image } from "../model/images.js";
import type { Generations } from "../model/rotation.js";
import type { Resources } from "../model/workload.js";
import type { Platform } from "../platform/platform.js";

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
