import { selectImage, type ImageName } from "../services/catalogue.ts";
import type { SharedArgs } from "../services/kit/service-args.ts";
import type { Platform } from "../platform/platform.ts";
import { rotationOf } from "./rotation.ts";
import type { Settings } from "./settings.ts";

/** What all services of a stack are given alike. */
export type Shared = SharedArgs<ImageName>;

export function sharedArgs(settings: Settings, platform: Platform): Shared {
  return {
    platform,
    image: (name) => selectImage(name, settings.images),
    protectData: settings.volumes.protect,
    rotation: rotationOf(settings),
  };
}
