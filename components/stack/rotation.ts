import type { Rotation } from "../model/rotation.ts";
import { ROTATED_SECRET_NAMES, ROTATED_SECRETS } from "../services/catalogue.ts";
import type { Settings } from "./settings.ts";

/** Every secret of the stack that can be rotated, at the generation of its settings. */
export function rotationOf({ rotation }: Pick<Settings, "rotation">): Rotation {
  return Object.fromEntries(
    ROTATED_SECRET_NAMES.map((name) => [name, { generation: rotation[name] ?? 1, allStay: ROTATED_SECRETS[name].allStay !== undefined }]),
  );
}
