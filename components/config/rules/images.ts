import { CATALOGUE, IMAGE_NAMES } from "../../model/images.js";
import { problem, type Rule } from "./rule.js";

const POSTGRES_MAJORS = /^(15|16|17|18)\b/;

/** Tags of images. */
export const imagesRules: readonly Rule[] = [
  ({ images }) => {
    const tag = images.pins.postgres?.tag;
    return tag !== undefined && tag !== "latest" && !POSTGRES_MAJORS.test(tag)
      ? problem("images.pins.postgres.tag", JSON.stringify(tag), "a tag of PostgreSQL 15, 16, 17 or 18", `choose one, such as "${CATALOGUE.postgres.tag}"`)
      : undefined;
  },
  ({ images }) => {
    const floating = IMAGE_NAMES.find((name) => images.pins[name]?.tag === "latest");
    return floating === undefined
      ? undefined
      : problem(`images.pins.${floating}.tag`, '"latest"', "a tag that names one version", `choose one, such as "${CATALOGUE[floating].tag}"`);
  },
];
