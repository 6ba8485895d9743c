import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { policiesPage } from "../../policies/page.ts";

it("docs/policies.md is what the policies say; `npm run policies:page` writes it", () => {
  expect(readFileSync("docs/policies.md", "utf8")).toBe(policiesPage());
});
