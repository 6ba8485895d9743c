import { mkdtempSync, readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { LogFile } from "../../../cli/engine/log-file.ts";

it("a run has a file of its own that only its user can read, without colours; the newest 20 of a stack stay", () => {
  const directory = mkdtempSync(join(tmpdir(), "log-file-"));
  const write = (stack: string, second: number) => {
    const file = new LogFile(directory, stack, new Date(Date.UTC(2026, 10, 21, 2, 30, second)));
    file.write("\u001b[31mred\u001b[0m\n");
    return file.path;
  };
  write("test", 0);
  for (let second = 0; second < 22; second += 1) write("dev", second);
  const path = write("dev", 30);
  expect(path).toBe(join(directory, ".apprun", "logs", "up-dev-20261121T023030Z.log"));
  expect(readFileSync(path, "utf8")).toBe("red\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const files = readdirSync(join(directory, ".apprun", "logs")).sort();
  expect(files).toHaveLength(21);
  expect(files.find((file) => file.startsWith("up-dev-"))).toBe("up-dev-20261121T023003Z.log");
  expect(files).toContain("up-test-20261121T023000Z.log");
});
