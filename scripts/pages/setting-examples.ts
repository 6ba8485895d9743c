import type { z } from "zod";
import { schemaAt, unwrapped } from "../../components/settings/kit/schema-parts.ts";
import { settingsSchema } from "../../components/stack/schema.ts";
import { EVERYTHING, TARGETS } from "../../test/everything.ts";

/** The part of JSON Schema that the settings use. */
export interface Shape {
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly not?: object;
}

/** A value that can be set, by its path below the project's name; `<name>` stands for any key of a map. */
export interface Leaf {
  readonly path: string;
  readonly shape: Shape;
}

/** Whether a value is given encrypted. */
export const isSecret = ({ properties, additionalProperties, anyOf = [] }: Shape): boolean =>
  properties?.["secure"] !== undefined ||
  (typeof additionalProperties === "object" && isSecret(additionalProperties)) ||
  anyOf.some(isSecret);

/** The command that gives a secret; a map of secrets takes each by its path. */
export const secretCommand = (path: string): string =>
  path === "secrets"
    ? "pulumi config set --secret --path apprun:secrets.NAME"
    : `pulumi config set --secret apprun:${path}`;

/**
 * An example of a value: what its definition names (`meta({ examples })`), what
 * the stacks with everything on say, which the tests run, what the message for a
 * wrong value names ("such as …"), or the first of its choices.
 */
export function exampleOf({ path, shape }: Leaf): unknown {
  return (
    shape.examples?.[0] ??
    inEverything(path) ??
    inMessage(path) ??
    shape.enum?.[0] ??
    (shape.type === "boolean" && shape.default === undefined ? true : undefined)
  );
}

function inEverything(path: string): unknown {
  return TARGETS.map((target) => path.split(".").reduce(inside, EVERYTHING[target])).find(
    (value) => value !== undefined && (typeof value !== "string" || !value.includes("BEGIN CERTIFICATE")),
  );
}

/** What a value has at a key; at any key of a map the first. */
function inside(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return key === "<name>" ? Object.values(value)[0] : (value as Record<string, unknown>)[key];
}

/** The schema that a command reads the value by. */
export function schemaOf(path: string): z.ZodType | undefined {
  const at = (schema: unknown, key: string) =>
    schemaAt(schema, key === "<name>" ? (Object.keys(unwrapped(schema).shape ?? {})[0] ?? key) : key);
  return path.split(".").reduce<unknown>(at, settingsSchema) as z.ZodType | undefined;
}

/** Nothing that a setting takes. */
const WRONG = Symbol("wrong");

function inMessage(path: string): unknown {
  const message = schemaOf(path)?.safeParse(WRONG).error?.issues[0]?.message ?? "";
  const [, given] = / such as (\[[^\]]*\]|"[^"]*")/.exec(message) ?? [];
  return given === undefined ? undefined : (JSON.parse(given) as unknown);
}
