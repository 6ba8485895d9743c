import { expect, it } from "vitest";
import { leftBy } from "../../../cli/ci/left.ts";

const resource = (name: string, more = {}) => ({
  urn: `urn:pulumi:prod::apprun::a:b:C::${name}`,
  type: "a:b:C",
  ...more,
});

it("a run that was cut off says what was under way and what is still to be deleted, and the way on", () => {
  const text = leftBy("prod", {
    resources: [resource("postgres"), resource("apprun"), resource("apprun", { delete: true })],
    pending_operations: [{ resource: resource("postgres-upgrade") }, { resource: resource("image-postgres") }],
  });
  expect(text.split("\n")).toEqual([
    "**The run was cut off.** Stack `prod` has 3 resources in its state.",
    "",
    "- under way when it ended, so made or not: `image-postgres`, `postgres-upgrade`",
    "- replaced, and the old one is still to be deleted: `apprun`",
    "- the lock may still be held: docs/ci.md says how to take it away, once nobody else works on this stack",
    "- the next `up` looks at what is there and goes on; what the state does not know it removes, except data",
  ]);
});

it("a run that was cut off before it did anything says so", () => {
  expect(leftBy("pr-7", {})).toContain("has 0 resources in its state");
  expect(leftBy("pr-7", {})).not.toContain("under way");
});
