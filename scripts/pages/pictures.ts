import { readFileSync } from "node:fs";
import type { Page } from "./page.ts";
import { pictureOf } from "./terminal-picture.ts";

/** Runs of `up` that were recorded: see docs/pictures/README.md. */
const RUNS = ["success", "bad-image", "bad-configuration"];

/** What each run shows at its end, drawn from what it wrote to a terminal. */
export const pictures: readonly Page[] = RUNS.map((run) => ({
  file: `docs/pictures/up-${run}.svg`,
  content: () => pictureOf(readFileSync(`docs/pictures/up-${run}.rec`, "utf8")),
}));
