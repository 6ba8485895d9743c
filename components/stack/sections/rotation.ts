import { z } from "zod";
import { merged, type RotatedSecret } from "../../services/catalogue.ts";
import type { DataKey, Service } from "../../services/service.ts";
import { count } from "../../settings/kit/scalars.ts";

const generation = count(1, 10_000)
  .meta({ examples: [2] })
  .optional();

/** Generations of the generated secrets: raising one by one replaces the secret. */
export function rotationSection(services?: readonly Service[]) {
  const dataKeys: Readonly<Record<string, DataKey>> = merged("dataKeys", services);
  const raised = Object.keys(merged("rotated", services)).sort();
  const refused = Object.entries(dataKeys).filter(([, { stays }]) => stays !== undefined);
  const shape = Object.fromEntries<z.ZodType>([
    ...raised.map((name) => [name, generation] as const),
    ...refused.map(([name, { stays }]) => [name, z.never({ error: `nothing: ${stays ?? ""}` }).optional()] as const),
  ]);
  return (
    z
      .object(shape as Record<RotatedSecret, typeof generation>)
      // Names that settings give are known once the settings are read: \`rules/rotation.ts\`.
      .catchall(generation)
      .prefault({})
      .describe(
        "Generation of each generated secret: raised by one, the secret gets a new value and what uses it is restarted. 1 when absent.",
      )
  );
}
