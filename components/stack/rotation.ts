import type { RotatedSecretFacts, Rotation } from "../model/rotation.ts";
import { merged, SERVICES } from "../services/catalogue.ts";
import type { Service } from "../services/service.ts";
import type { Settings } from "./settings.ts";

/** Every secret of the stack that can be rotated, at the generation of its settings. */
export function rotationOf(
  { rotation }: Pick<Settings, "rotation">,
  services: readonly Service[] = SERVICES,
): Rotation {
  const generations: Readonly<Record<string, number | undefined>> = rotation;
  const secrets: Readonly<Record<string, RotatedSecretFacts>> = merged("rotated", services);
  return Object.fromEntries(
    Object.entries(secrets).map(([name, { allStay }]) => [
      name,
      { generation: generations[name] ?? 1, allStay: allStay !== undefined },
    ]),
  );
}
