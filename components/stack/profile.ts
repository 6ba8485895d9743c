import { merged } from "../services/catalogue.ts";
import type { Service } from "../services/service.ts";
import { merge } from "../settings/kit/merge.ts";
import type { RawSettings } from "./raw-settings.ts";

/** What was written, over what its profile has in place of the defaults. */
export function withProfile(values: RawSettings["values"], services: readonly Service[]): RawSettings["values"] {
  return values["profile"] === "light" ? merge(merged("light", services), values) : values;
}
