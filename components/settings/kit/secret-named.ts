import { z } from "zod";
import { schemaAt, unwrapped } from "./schema-parts.ts";

/** What the name of a secret of the operator's can be. */
export const SECRET_NAME = /^[A-Za-z_][\w-]*$/;

const NAMES = "a name below apprun:secrets";

/** In place of a secret, its name below `apprun:secrets`; `more` are keys that stand beside it. */
export const secretNamed = <More extends z.ZodRawShape>(more: More) =>
  z.strictObject({
    secret: z
      .string({ error: NAMES })
      .regex(SECRET_NAME, NAMES)
      .meta({ examples: ["shop-key"] }),
    ...more,
  });

/** A setting that names a secret, by the path of the setting. */
export interface SecretReference {
  readonly path: string;
  readonly name: string;
}

/** Every name of a secret in settings, at places where the schema takes one: elsewhere, `secret` is a key like others. */
export function secretReferences(value: unknown, schema: unknown, path: readonly string[] = []): SecretReference[] {
  if (typeof value !== "object" || value === null) return [];
  const { secret } = value as { secret?: unknown };
  if (typeof secret === "string" && takesSecret(schema)) return [{ path: [...path, "secret"].join("."), name: secret }];
  return Object.entries(value).flatMap(([key, inner]) =>
    secretReferences(inner, schemaAt(schema, key), [...path, key]),
  );
}

/** Whether a setting can be `{ secret: NAME }`. */
export function takesSecret(schema: unknown): boolean {
  const { shape, def } = unwrapped(schema);
  return shape?.["secret"] !== undefined || (def?.options ?? []).some(takesSecret);
}
