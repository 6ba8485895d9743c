import { expect, it } from "vitest";
import { Watch, type Symptom } from "../../../cli/runtime/watch.ts";

const ENDS: Symptom = { instance: "a", what: "ends", graceMs: 7000 };

it("a symptom counts once it was there for its time, and begins again after it was gone", () => {
  const watch = new Watch();
  expect(watch.look([ENDS], 0)).toEqual([]);
  expect(watch.look([ENDS], 6999)).toEqual([]);
  expect(watch.look([], 7500)).toEqual([]);
  expect(watch.look([ENDS], 8000)).toEqual([]);
  expect(
    watch.look(
      [
        { ...ENDS, graceMs: 0 },
        { ...ENDS, instance: "b" },
      ],
      8001,
    ),
  ).toEqual([{ ...ENDS, graceMs: 0 }]);
  expect(watch.look([ENDS, { ...ENDS, instance: "b" }], 15_001)).toEqual([ENDS, { ...ENDS, instance: "b" }]);
});
