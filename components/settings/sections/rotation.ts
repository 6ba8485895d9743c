import { z } from "zod";
import { ROTATED_SECRETS, type RotatedSecret } from "../../model/rotation.ts";
import { count } from "../kit/scalars.ts";

const generation = count(1, 10_000).optional();
const KEY_STAYS = "nothing: data is encrypted with this key and the app takes one key only, so a new one would make that data unreadable";

/** Generations of the generated secrets: raising one by one replaces the secret. */
export const rotation = z
  .strictObject({
    ...(Object.fromEntries(ROTATED_SECRETS.map((name) => [name, generation])) as Record<RotatedSecret, typeof generation>),
    "apprun-encryption-key": z.never({ error: KEY_STAYS }).optional(),
  })
  .prefault({})
  .describe("Generation of each generated secret: raised by one, the secret gets a new value and what uses it is restarted. 1 when absent.");
