import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { figuresOf } from "./structure/figures.ts";

/**
 * `npm run structure` counts how the program is put together. `--root DIR` counts
 * another checkout with the same rules, `--silent` also compiles the program once
 * for each row of a list, `--items` shows what was counted.
 */
const flag = { type: "boolean", default: false } as const;
const { values } = parseArgs({
  options: { root: { type: "string", default: "." }, json: flag, items: flag, silent: flag },
});
const figures = figuresOf(resolve(values.root), values);
if (values.json) console.log(JSON.stringify(figures, null, 2));
else
  for (const { name, value, items } of figures) {
    console.log(`${String(value).padStart(5)}  ${name}`);
    if (values.items) for (const item of items) console.log(`         ${item}`);
  }
