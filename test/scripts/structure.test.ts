import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { figuresOf, type Figure } from "../../scripts/structure/figures.ts";

const items = (figures: readonly Figure[], name: string) => figures.find((figure) => figure.name === name)?.items;

/** A checkout with these files. */
function checkout(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "apprun-structure-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

describe("the figures of a checkout", () => {
  const figures = figuresOf(
    checkout({
      "components/services/nats.ts": 'export const port = "nats";',
      "components/one.ts":
        'import { two } from "./two.js"; export const SIZED = ["app", "cache", "nats", "kratos"]; export const one = two;',
      "components/two.ts":
        'import type { one } from "./one.js"; /** About nats. */ export const two = "alternates"; export type One = typeof one;',
      "components/three.ts": 'export const natsPassword = ["app", "cache", "kratos"];',
      "cli/a/x.ts": 'import "../b/y.ts";',
      "cli/b/y.ts": 'import "../a/z.ts";',
      "cli/a/z.ts": "export const z = 1;",
    }),
    { silent: false },
  );

  it("are the files outside of a service's own that name it in code, in words of their own", () => {
    expect(items(figures, "files outside of its own that name nats")).toEqual([
      "components/one.ts",
      "components/three.ts",
    ]);
  });

  it("are the lists with a row for each of four services, and the services that have one", () => {
    expect(items(figures, "hand lists of four services or more")).toEqual([
      "components/one.ts SIZED: app, cache, kratos, nats",
    ]);
    expect(items(figures, "rows of nats in hand lists")).toEqual(["components/one.ts SIZED"]);
  });

  it("are the circles, by types too, the folders that import each other, and the loose files", () => {
    expect(items(figures, "circles of imports")).toEqual(["components/one.ts, components/two.ts"]);
    expect(items(figures, "pairs of folders in cli that import each other")).toEqual(["a and b"]);
    expect(items(figures, "loose files in components")).toEqual([
      "components/one.ts",
      "components/three.ts",
      "components/two.ts",
    ]);
  });
});

it("this checkout lists its services in the catalogue and in the composition only", () => {
  const figures = figuresOf(".", { silent: false });
  const lists = (items(figures, "hand lists of four services or more") ?? []).map((list) => list.split(" ")[0]);
  expect([...new Set(lists)]).toEqual(["components/services/catalogue.ts", "components/stack/stack.ts"]);
  for (const name of [
    "circles of imports",
    "pairs of folders in cli that import each other",
    "loose files in components",
  ])
    expect(items(figures, name)).toEqual([]);
});
