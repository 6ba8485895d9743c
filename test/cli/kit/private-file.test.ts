import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writePrivate } from "../../../cli/kit/private-file.ts";

it("is read by its owner alone, also where one was there that everybody read", () => {
  const path = join(mkdtempSync(join(tmpdir(), "private-")), "file");
  writeFileSync(path, "before");
  chmodSync(path, 0o644);
  writePrivate(path, "after");
  expect(readFileSync(path, "utf8")).toBe("after");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it.each(["prod.state.json", "prod.state.json.part", "rendered/secrets/a.yaml", "rendered/compose.yaml"])(
  "git ignores %s, which has secrets or stands beside them",
  (path) => {
    expect(execFileSync("git", ["check-ignore", path], { encoding: "utf8" }).trim()).toBe(path);
  },
);
