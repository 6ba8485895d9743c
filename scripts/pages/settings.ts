import { isDeepStrictEqual } from "node:util";
import { stackFileSchema } from "../../components/stack/json-schema.ts";
import { EVERYTHING, TARGETS } from "../../test/everything.ts";
import type { Page } from "./page.ts";

/** The part of JSON Schema that the settings use. */
interface Shape {
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
}

/** Every setting of a stack, with what it takes, its default and an example. */
export const settings: Page = {
  file: "docs/settings.md",
  content: () => {
    const { properties = {} } = (stackFileSchema("apprun") as { properties: { config: Shape } }).properties.config;
    return [
      "# Settings",
      "",
      "`npm run generate` writes this page from the schema that every command reads the settings by. A stack's settings are in `Pulumi.<stack>.yaml`, below `config`; in a project of another name the keys begin with that name. A setting that is not there has its default. `plan` refuses an unknown key and names the nearest one.",
      "",
      "```yaml",
      "config:",
      "  apprun:domain: example.com",
      "  apprun:app:",
      "    replicas: 2",
      "```",
      "",
      ...Object.entries(properties).flatMap(([key, shape]) => section(key, shape)),
    ].join("\n");
  },
};

function section(key: string, shape: Shape): readonly string[] {
  const path = key.slice(key.indexOf(":") + 1);
  const lines = leaves(path, shape);
  const about = lines.length === 1 && lines[0]?.startsWith(`- \`${path}\``) === true ? [] : sentence(shape);
  return [`## ${key}`, "", ...(about.length > 0 ? [about.join(" "), ""] : []), ...lines, ""];
}

/** A line for each value that can be set; a map of free names is one. */
function leaves(path: string, shape: Shape): readonly string[] {
  const { properties = {}, additionalProperties } = shape;
  const inner = Object.entries(properties);
  const [[first, of] = []] = inner;
  // One line for all that are alike, such as a tag and a digest for each image.
  if (
    first !== undefined &&
    of?.properties !== undefined &&
    inner.length > 2 &&
    inner.every(([, each]) => isDeepStrictEqual(each, of))
  )
    return [
      `- \`${path}.<name>\`: for ${inner.map(([name]) => `\`${name}\``).join(", ")}:`,
      ...leaves(`${path}.<name>`, of).map((line) => `  ${line}`),
    ];
  if (inner.length > 0) return inner.flatMap(([name, of]) => leaves(`${path}.${name}`, of));
  if (typeof additionalProperties === "object" && additionalProperties.properties !== undefined)
    return leaves(`${path}.<name>`, additionalProperties);
  return [`- \`${path}\`: ${[...sentence(shape), facts(path, shape)].join(" ")}`];
}

function sentence({ description }: Shape): readonly string[] {
  if (description === undefined) return [];
  const text = description.charAt(0).toUpperCase() + description.slice(1);
  return [/[.!?]$/.test(text) ? text : `${text}.`];
}

function facts(path: string, shape: Shape): string {
  const example = exampleOf(path);
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

/** What the stacks with everything on say, which the tests run. */
function exampleOf(path: string): unknown {
  return TARGETS.map((target) =>
    path
      .split(".")
      .reduce<unknown>(
        (value, key) =>
          typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined,
        EVERYTHING[target],
      ),
  ).find((value) => value !== undefined && (typeof value !== "string" || !value.includes("BEGIN CERTIFICATE")));
}

function written(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
