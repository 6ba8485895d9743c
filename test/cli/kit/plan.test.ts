import { expect, it } from "vitest";
import { planOf } from "../../../cli/kit/plan.ts";
import { settingsOf, stackOf } from "../../support/record/stacks.ts";

it("a plan names once what a row waits for", async () => {
  const { startOrder } = planOf({ stack: "dev", settings: settingsOf({}), recording: await stackOf({}) });
  expect(startOrder.length).toBeGreaterThan(10);
  for (const { name, after } of startOrder) expect(after, name).toEqual([...new Set(after)]);
});
