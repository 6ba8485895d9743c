import { expect, it } from "vitest";
import { isColoured } from "../../../cli/kit/colours.ts";

it.each<[boolean, NodeJS.ProcessEnv, boolean]>([
  [true, {}, true],
  [false, {}, false],
  [false, { CI: "true" }, false],
  [true, { NO_COLOR: "1" }, false],
  [true, { NO_COLOR: "" }, true],
  [true, { TERM: "dumb" }, false],
  [false, { FORCE_COLOR: "1" }, true],
  [true, { FORCE_COLOR: "0" }, false],
  [false, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
])("a stream with isTTY %j and the variables %j has colours: %j", (isTTY, env, expected) => {
  expect(isColoured({ isTTY }, env)).toBe(expected);
});
