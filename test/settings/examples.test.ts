import { describe, expect, it } from "vitest";
import { exampleOf, isSecret, schemaOf, secretCommand } from "../../scripts/pages/setting-examples.ts";
import { allLeaves } from "../../scripts/pages/settings.ts";
import { SECRET_KEYS } from "../../components/stack/schema.ts";

const LEAVES = allLeaves();
const VALUES = LEAVES.filter(({ shape }) => !isSecret(shape));

describe("docs/settings.md", () => {
  it("has every value of the schema", () => {
    expect(VALUES.length).toBeGreaterThan(300);
    expect(VALUES.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["domain", "app.image.tag", "images.pins.<name>.tag", "services.<name>.route.path"]),
    );
  });

  it("has a default or an example of each", () => {
    const bare = VALUES.filter((leaf) => leaf.shape.default === undefined && exampleOf(leaf) === undefined);
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  it("has an example of each map, whose default says nothing of its form", () => {
    const bare = VALUES.filter(
      (leaf) => JSON.stringify(leaf.shape.default) === "{}" && JSON.stringify(exampleOf(leaf) ?? {}) === "{}",
    );
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  it("has only examples and defaults that the schema takes", () => {
    const refused = VALUES.flatMap((leaf) =>
      [exampleOf(leaf), leaf.shape.default]
        .filter((value) => value !== undefined)
        .filter((value) => schemaOf(leaf.path)?.safeParse(value).success !== true)
        .map((value) => `${leaf.path}: ${JSON.stringify(value)}`),
    );
    expect(refused).toEqual([]);
  });

  it("has the command that gives each secret", () => {
    const secrets = LEAVES.filter(({ shape }) => isSecret(shape)).map(({ path }) => path);
    expect(secrets.sort()).toEqual([...Object.keys(SECRET_KEYS), "secrets"].sort());
    expect(secretCommand("smtpUri")).toBe("pulumi config set --secret apprun:smtpUri");
    expect(secretCommand("secrets")).toBe("pulumi config set --secret --path apprun:secrets.NAME");
  });

  it("leaves out keys that are there to be refused with a reason", () => {
    expect(VALUES.map(({ path }) => path)).not.toContain("services.<name>.privileged");
    expect(VALUES.map(({ path }) => path)).not.toContain("cloudflare.backups.expireDays");
  });
});
