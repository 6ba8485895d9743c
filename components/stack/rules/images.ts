import { CATALOGUE, IMAGE_NAMES } from "../../services/catalogue.ts";
import { majorVersion, POSTGRES_MAJORS } from "../../model/postgres-version.ts";
import { problem, type Rule } from "../../settings/kit/rule.ts";
import type { Settings } from "../settings.ts";

/** Tags of images. */
export const imagesRules: readonly Rule<Settings>[] = [
  ({ images }) => {
    const tag = images.pins.postgres?.tag;
    return tag !== undefined && tag !== "latest" && !POSTGRES_MAJORS.includes(majorVersion({ tag }))
      ? problem(
          "images.pins.postgres.tag",
          JSON.stringify(tag),
          `a tag of PostgreSQL ${POSTGRES_MAJORS.slice(0, -1).join(", ")} or ${POSTGRES_MAJORS.at(-1) ?? ""}`,
          `choose one, such as "${CATALOGUE.postgres.tag}"`,
        )
      : undefined;
  },
  ({ images }) => {
    const floating = IMAGE_NAMES.find((name) => images.pins[name]?.tag === "latest");
    return floating === undefined
      ? undefined
      : problem(
          `images.pins.${floating}.tag`,
          '"latest"',
          "a tag that names one version",
          `choose one, such as "${CATALOGUE[floating].tag}"`,
        );
  },
];
