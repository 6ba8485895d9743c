import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { recordEverything, TARGETS } from "../everything.ts";

it("README names everything that `npm run credentials` can show, and nothing else", async () => {
  const known = new Set<string>();
  for (const target of TARGETS)
    for (const name of Object.keys((await recordEverything(target)).result.credentials)) known.add(name.replace(/^access-.*/, "access-<audience>"));
  const [line = ""] = readFileSync("README.md", "utf8")
    .split("\n")
    .filter((each) => each.includes("`npm run credentials -- SERVICE`"));
  const named = [...line.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name).slice(1);
  expect(named.sort()).toEqual([...known].sort());
});
