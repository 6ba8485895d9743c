import { coerce, lt } from "semver";
import { chooseImage, type CatalogueImage, type ImageSettings } from "../../model/images.ts";
import { problem, type Rule, type Slice } from "../../settings/kit/rule.ts";
import type { app } from "../app/settings.ts";
import { isSample } from "../app/rules.ts";
import type { ownServices } from "../own-services/settings.ts";
import type { pgbouncer } from "./settings.ts";

/** What the rules read. */
type Read = Slice<{ pgbouncer: typeof pgbouncer; app: typeof app; services: typeof ownServices }> & {
  readonly images: ImageSettings & { readonly pins: { readonly apprun?: object | undefined } };
};

/** The oldest version without a known hole that strangers reach: 1.25.2 closes four, one of which ends the program before a login. */
const OLDEST = "1.25.2";

/** Whether the program of a tag is too old. A tag without a version is taken for a new one. */
export function isTooOld(tag: string): boolean {
  const version = coerce(tag);
  return version !== null && lt(version, OLDEST);
}

/** What goes past PgBouncer by a variable of the operator's own. */
const DIRECT = "{database.direct";

export const pgbouncerRules = (image: CatalogueImage): readonly Rule<Read>[] => [
  ({ pgbouncer: { enabled }, images }) => {
    const { tag } = chooseImage("pgbouncer", image, images);
    return enabled && isTooOld(tag)
      ? problem(
          "images.pins.pgbouncer.tag",
          JSON.stringify(tag),
          `PgBouncer ${OLDEST} or newer: older ones can be ended by whoever reaches them`,
          "remove it or name a newer one",
        )
      : undefined;
  },
  ({ pgbouncer: { enabled }, services }) =>
    enabled
      ? undefined
      : Object.entries(services).flatMap(([name, { database }]) =>
          database?.pooled === true
            ? [
                problem(
                  `services.${name}.database.pooled`,
                  "true",
                  "false without pgbouncer.enabled",
                  "remove it or set pgbouncer.enabled to true",
                ),
              ]
            : [],
        ),
  ({ pgbouncer: { enabled }, app, images }) => {
    if (!enabled || isSample(app, images) || app.migrate !== undefined) return undefined;
    const templates = Object.values(app.variables).map((given) => (typeof given === "string" ? given : given.template));
    return templates.some((template) => template.includes(DIRECT))
      ? undefined
      : problem(
          "pgbouncer.enabled",
          "true",
          "with app.migrate, or with a variable of app.variables that names {database.directUrl} or {database.directHost}: what an app migrates when it starts must go past PgBouncer",
          "move the app's migrations to app.migrate, or give it such a variable for them",
        );
  },
];
