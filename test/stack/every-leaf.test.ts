import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isSecret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { SECRET_KEYS, settingsSchema } from "../../components/stack/schema.ts";
import { settingsFromFile } from "../../components/stack/stack-file.ts";
import { withApp } from "../support/record/with-app.ts";
import { everything, EVERYTHING, TARGETS } from "../everything.ts";

const ENCRYPTED = { secure: "v1:abc" };

/** Paths of every value that is no map and no list. */
function leavesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return value === undefined ? [] : [path];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((each: unknown, at) => (String(at) === key ? replaced(each, rest, by) : each));
  const map = (value ?? {}) as Readonly<Record<string, unknown>>;
  return { ...map, [key]: replaced(map[key], rest, by) };
}

function read(values: object, secrets: Readonly<Record<string, unknown>>) {
  const directory = mkdtempSync(join(tmpdir(), "apprun-"));
  const config = Object.fromEntries(
    Object.entries({ ...withApp({ ...values }), ...secrets }).map(([key, value]) => [`apprun:${key}`, value]),
  );
  writeFileSync(join(directory, "Pulumi.prod.yaml"), JSON.stringify({ config }));
  return settingsFromFile(directory, "apprun", "prod");
}

describe.each(TARGETS)("the stack with everything on, on %s", (target) => {
  const given = Object.keys(everything(target).secrets);
  const encrypted = Object.fromEntries(given.map((key) => [key, ENCRYPTED]));

  it("is read from its file as it is", () => {
    expect(read(EVERYTHING[target], encrypted).platform).toBe(target);
  });

  it("has no leaf that can be encrypted where it is: each is refused by its path", () => {
    const filled = settingsSchema.parse(EVERYTHING[target]);
    // A section of the other target has defaults too, and may not be written.
    const leaves = leavesOf(filled).filter(([section = ""]) => EVERYTHING[target][section as "app"] !== undefined);
    expect(leaves.length).toBeGreaterThan(100);
    const written = (value: unknown) =>
      Object.fromEntries(
        Object.entries(value as object).filter(([section]) => EVERYTHING[target][section as "app"] !== undefined),
      );
    for (const leaf of leaves) {
      const path = leaf.reduce(
        (at, key) => at + (/^\d+$/.test(key) ? `[${key}]` : /^[\w-]+$/.test(key) ? `.${key}` : `["${key}"]`),
      );
      expect(() => read(written(replaced(filled, leaf, ENCRYPTED)), encrypted)).toThrow(
        `apprun:${path}: got an encrypted value`,
      );
    }
  });

  it("takes the name of a secret in place of every secret except the kubeconfig, and keeps it secret", async () => {
    const keys = given.filter((key) => key !== "kubeconfig");
    const { secrets } = read(EVERYTHING[target], {
      ...encrypted,
      ...Object.fromEntries(keys.map((key) => [key, { secret: `my-${key}` }])),
      secrets: Object.fromEntries(keys.map((key) => [`my-${key}`, ENCRYPTED])),
    });
    expect(Object.keys(secrets).sort()).toEqual([...given].sort());
    for (const key of Object.keys(SECRET_KEYS) as (keyof typeof SECRET_KEYS)[])
      expect([key, secrets[key] === undefined || (await isSecret(secrets[key]))]).toEqual([key, true]);
  });
});
