import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { stackFileSchema } from "../../components/stack/json-schema.ts";

/** A JSON schema, as far as names are concerned. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
}

const FILES = ["*.md", "*.yaml", "docs/**/*.md", "{components,cli,policies,scripts}/**/*.{ts,sh,mjs}"];
/** Type tokens, series and keys of the cache go on with a second colon, images are behind a slash, and "…" stands for several. */
const NAME = /(?<![\w/-])apprun:([a-zA-Z][\w-]*(?:\.[a-zA-Z][\w-]*)*)(?![\w…-]|:[\w$])/g;
/** Paths of the rules' messages, and secrets by their name alone. */
const RULE = /\bproblem\(\s*"([\w.-]+)"/g;
const SECRET = /\bsecrets? ([a-z]+[A-Z]\w+)/g;

/** Names that are no settings, on purpose. */
const EXAMPLES = ["app.replica"];

const CONFIG = (stackFileSchema("apprun") as Schema).properties?.["config"];

/** Whether a path such as `backup.remote.bucket` is one of the stack file's. */
function isSetting(path: string): boolean {
  const [first = "", ...rest] = path.split(".");
  return isBelow(rest, CONFIG?.properties?.[`apprun:${first}`]);
}

function isBelow([key, ...rest]: readonly string[], schema: Schema | boolean | undefined): boolean {
  if (typeof schema !== "object") return false;
  if (key === undefined) return true;
  const { properties = {}, additionalProperties, anyOf = [] } = schema;
  return isBelow(rest, properties[key] ?? additionalProperties) || anyOf.some((one) => isBelow([key, ...rest], one));
}

const found = FILES.flatMap((pattern) => globSync(pattern)).flatMap((file) => {
  const text = readFileSync(file, "utf8");
  return [NAME, RULE, SECRET]
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map(([, name = ""]) => ({ file, name }));
});

describe("a setting that a page, a script or a message names", () => {
  it("exists, so that no remedy is false", () => {
    expect(found.filter(({ name }) => !EXAMPLES.includes(name) && !isSetting(name))).toEqual([]);
  });

  it("is looked for where there are some", () => {
    const kinds = new Set(found.map(({ file }) => file.split(".").at(-1)));
    expect([...kinds].sort()).toEqual(["md", "mjs", "sh", "ts", "yaml"]);
    expect(EXAMPLES.filter((example) => !found.some(({ name }) => name === example))).toEqual([]);
  });
});
