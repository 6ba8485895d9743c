import { z } from "zod";
import { merged, type ImageName } from "../../services/catalogue.ts";
import type { Service } from "../../services/service.ts";
import { digest, text } from "../../settings/kit/scalars.ts";

const pin = z
  .strictObject({
    tag: text('a version tag such as "17-alpine"').optional(),
    digest: digest().optional(),
  })
  .optional();

const registry = z
  .string({ error: 'a registry and path such as "mirror.example.com/hub"' })
  .regex(
    /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/,
    'a registry and path such as "mirror.example.com/hub", without scheme or trailing slash',
  )
  .optional()
  .describe("A mirror that replaces the registry of every image except app.image.");

/** Where images come from and which versions run. */
export function imagesSection(services?: readonly Service[]) {
  const pins = Object.fromEntries(Object.keys(merged("images", services)).map((name) => [name, pin])) as Record<
    ImageName,
    typeof pin
  >;
  return z
    .strictObject({ registry, pins: z.strictObject(pins).prefault({}) })
    .prefault({})
    .describe("Where images come from and which versions run.");
}
