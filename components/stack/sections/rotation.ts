import { z } from "zod";
import { DATA_KEYS, ROTATED_SECRET_NAMES, type RotatedSecret } from "../../services/catalogue.ts";
import { count } from "../../settings/kit/scalars.ts";

const generation = count(1, 10_000).optional();

/** Generations of the generated secrets: raising one by one replaces the secret. */
export const rotation = z
  .strictObject({
    ...(Object.fromEntries(ROTATED_SECRET_NAMES.map((name) => [name, generation])) as Record<RotatedSecret, typeof generation>),
    "apprun-encryption-key": z.never({ error: `nothing: ${DATA_KEYS["apprun-encryption-key"].stays}` }).optional(),
  })
  .prefault({})
  .describe("Generation of each generated secret: raised by one, the secret gets a new value and what uses it is restarted. 1 when absent.");
