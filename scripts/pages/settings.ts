import { isDeepStrictEqual } from "node:util";
import { stackFileSchema } from "../../components/stack/json-schema.ts";
import type { Page } from "./page.ts";
import { exampleOf, isSecret, secretCommand, type Leaf, type Shape } from "./setting-examples.ts";

/** Every setting of a stack, with what it takes, its default and an example. */
export const settings: Page = {
  file: "docs/settings.md",
  content: () => {
    return [
      "# Settings",
      "",
      "`npm run generate` writes this page from the schema that every command reads the settings by. A stack's settings are in `Pulumi.<stack>.yaml`, below `config`; in a project of another name the keys begin with that name. A setting that is not there has its default. Further examples are in [examples](../examples/README.md). `plan` refuses an unknown key and names the nearest one.",
      "",
      "```yaml",
      "config:",
      "  apprun:domain: example.com",
      "  apprun:app:",
      "    replicas: 2",
      "```",
      "",
      ...Object.entries(topLevel()).flatMap(([key, shape]) => section(key, shape)),
    ].join("\n");
  },
};

/** The settings by their whole keys. */
export function topLevel(): Readonly<Record<string, Shape>> {
  const { properties = {} } = (stackFileSchema("apprun") as { properties: { config: Shape } }).properties.config;
  return properties;
}

/** Every value that a stack file can set. */
export const allLeaves = (): readonly Leaf[] =>
  Object.entries(topLevel()).flatMap(([key, shape]) => leavesOf(keyOf(key), shape));

const keyOf = (key: string) => key.slice(key.indexOf(":") + 1);

function section(key: string, shape: Shape): readonly string[] {
  const path = keyOf(key);
  const lines = leaves(path, shape);
  const about = lines.length === 1 && lines[0]?.startsWith(`- \`${path}\``) === true ? [] : sentence(shape);
  return [`## ${key}`, "", ...(about.length > 0 ? [about.join(" "), ""] : []), ...lines, ""];
}

/** A line for each value that can be set; a map of free names is one. */
function leaves(path: string, shape: Shape): readonly string[] {
  const alike = alikeIn(shape);
  // One line for all that are alike, such as a tag and a digest for each image.
  if (alike !== undefined)
    return [
      `- \`${path}.<name>\`: for each name of \`${alike.names.join(", ")}\`:`,
      ...leaves(`${path}.<name>`, alike.shape).map((line) => `  ${line}`),
    ];
  const inner = innerOf(path, shape);
  if (inner !== undefined) return inner.flatMap((leaf) => leaves(leaf.path, leaf.shape));
  return [`- \`${path}\`: ${[...sentence(shape), facts({ path, shape })].join(" ")}`];
}

/** Every value that can be set below a path. */
export function leavesOf(path: string, shape: Shape): readonly Leaf[] {
  const alike = alikeIn(shape);
  if (alike !== undefined) return leavesOf(`${path}.<name>`, alike.shape);
  return innerOf(path, shape)?.flatMap((leaf) => leavesOf(leaf.path, leaf.shape)) ?? [{ path, shape }];
}

/** The names of an object whose parts are all the same object. */
function alikeIn({ properties = {} }: Shape): { readonly names: readonly string[]; readonly shape: Shape } | undefined {
  const [first, ...others] = Object.values(properties);
  return first?.properties !== undefined && others.length > 1 && others.every((each) => isDeepStrictEqual(each, first))
    ? { names: Object.keys(properties), shape: first }
    : undefined;
}

/** Parts of an object, without keys that are there to be refused with a reason; nothing where it is a value itself. */
function innerOf(path: string, shape: Shape): readonly Leaf[] | undefined {
  if (isSecret(shape)) return undefined;
  const { properties = {}, additionalProperties } = shape;
  const inner = Object.entries(properties).filter(([, { not }]) => not === undefined);
  if (inner.length > 0) return inner.map(([name, of]) => ({ path: `${path}.${name}`, shape: of }));
  if (typeof additionalProperties === "object" && additionalProperties.properties !== undefined)
    return [{ path: `${path}.<name>`, shape: additionalProperties }];
  return undefined;
}

function sentence({ description }: Shape): readonly string[] {
  if (description === undefined) return [];
  const text = description.charAt(0).toUpperCase() + description.slice(1);
  return [/[.!?]$/.test(text) ? text : `${text}.`];
}

function facts({ path, shape }: Leaf): string {
  if (isSecret(shape)) return `Takes a secret; for example \`${secretCommand(path)}\`.`;
  const example = exampleOf({ path, shape });
  const said = shape.default !== undefined && JSON.stringify(shape.default) !== "{}" ? shape.default : undefined;
  const parts = [
    `takes ${takes(shape)}`,
    ...(said === undefined ? [] : [`default \`${written(said)}\``]),
    ...(example === undefined || written(example) === written(said) ? [] : [`for example \`${written(example)}\``]),
  ].join("; ");
  return `${parts.charAt(0).toUpperCase()}${parts.slice(1)}.`;
}

function takes({ enum: choices, type, minimum, maximum, items, anyOf, additionalProperties }: Shape): string {
  if (choices !== undefined) return choices.map((each) => `\`${String(each)}\``).join(", ");
  if (anyOf !== undefined) return [...new Set(anyOf.map(takes))].join(" or ");
  switch (type) {
    case "boolean":
      return "`true` or `false`";
    case "integer":
    case "number": {
      const what = type === "integer" ? "a whole number" : "a number";
      // Zod writes the largest exact integer where there is no limit.
      const bounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
      if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER)
        return bounded ? `${what} from ${minimum} to ${maximum}` : `${what} of ${minimum} or more`;
      return what;
    }
    case "array":
      return `a list${items === undefined ? "" : ` of ${takes(items)}`}`;
    case "object":
      return typeof additionalProperties === "object"
        ? `a map of names to ${takes(additionalProperties)}`
        : "a map of names";
    case undefined:
    default:
      return "text";
  }
}

function written(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
