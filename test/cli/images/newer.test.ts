import { expect, it } from "vitest";
import { newerThan } from "../../../cli/images/newer.ts";

it.each([
  ["1.31.2", ["1.31.1", "1.31.2"], {}],
  ["1.31.2", ["1.31.10", "1.31.9", "1.32.0"], { patch: "1.31.10", line: "1.32.0" }],
  ["v3.7.10", ["v3.7.17", "3.7.18", "v3.7", "v3.7.17-rc.1", "v3.7.17-windowsservercore"], { patch: "v3.7.17" }],
  ["2.15-alpine", ["2.16-alpine", "2.16", "2.15.3-alpine"], { patch: "2.16-alpine" }],
  ["17-alpine", ["18-alpine", "17.6-alpine"], {}],
  ["main", ["latest"], {}],
])("of %s among %j newer is %j", (tag, tags, newer) => {
  expect(newerThan(tag, tags)).toEqual(newer);
});
