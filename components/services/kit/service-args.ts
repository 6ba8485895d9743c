import type { Image } from "../../model/images.ts";
import type { Rotation } from "../../model/rotation.ts";
import type { Resources } from "../../model/workload.ts";
import type { Platform } from "../../platform/platform.ts";

/** What all services of a stack are given alike. `ImageName` names the images that one takes. */
export interface SharedArgs<ImageName extends string = never> {
  readonly platform: Platform;
  /** The image of a name under the stack's settings. */
  readonly image: (name: ImageName) => Image;
  /** Whether data and the secrets that belong to it refuse to be deleted. */
  readonly protectData: boolean;
  /** Every secret of the stack that can be rotated. @default - each is at its first generation */
  readonly rotation?: Rotation;
}

/** The same, for a service that is sized by itself. */
export interface ServiceArgs<ImageName extends string = never> extends SharedArgs<ImageName> {
  readonly resources: Resources;
}

/** Limits of tasks that run for seconds. */
export const JOB_RESOURCES: Resources = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "1", memory: "256Mi" },
};
