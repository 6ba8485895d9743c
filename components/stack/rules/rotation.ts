import { rotatedSecrets } from "../../services/catalogue.ts";
import type { Service } from "../../services/service.ts";
import type { KnownSettings } from "../../settings/kit/known-keys.ts";
import type { SettingsProblem } from "../../settings/kit/settings-problem.ts";
import { unknownKey } from "../../settings/kit/unknown-key.ts";
import type { Settings } from "../settings.ts";

/** Generations of secrets that the stack does not have. */
export function unknownRotations(
  settings: Settings,
  services: readonly Service<Settings>[],
  known: KnownSettings,
): readonly SettingsProblem[] {
  const names = Object.keys(rotatedSecrets(settings, services));
  return Object.keys(settings.rotation)
    .filter((name) => !names.includes(name))
    .map((name) => unknownKey(["rotation", name], names, known));
}
