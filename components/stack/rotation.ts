import type { Rotation } from "../model/rotation.ts";
import { rotatedSecrets, SERVICES } from "../services/catalogue.ts";
import type { Service } from "../services/service.ts";
import type { Settings } from "./settings.ts";

/** Every secret of the stack that can be rotated, at the generation of its settings. */
export function rotationOf(settings: Settings, services: readonly Service<Settings>[] = SERVICES): Rotation {
  const generations: Readonly<Record<string, number | undefined>> = settings.rotation;
  return Object.fromEntries(
    Object.entries(rotatedSecrets(settings, services)).map(([name, { allStay }]) => [
      name,
      { generation: generations[name] ?? 1, allStay: allStay !== undefined },
    ]),
  );
}
