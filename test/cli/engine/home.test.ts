import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { prepareHome } from "../../../cli/engine/home.ts";

afterEach(() => vi.unstubAllEnvs());

function directory(): string {
  for (const name of ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"])
    vi.stubEnv(name, undefined);
  return mkdtempSync(join(tmpdir(), "apprun-"));
}

it("makes a state directory and a passphrase that only their owner can read, once", () => {
  const project = directory();
  const { PULUMI_CONFIG_PASSPHRASE_FILE: file = "" } = prepareHome(project);
  expect(file).toBe(join(project, ".apprun", "passphrase"));
  expect(statSync(join(project, ".apprun")).mode & 0o777).toBe(0o700);
  expect(statSync(join(project, ".apprun", "state")).isDirectory()).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const passphrase = readFileSync(file, "utf8");
  expect(passphrase.length).toBeGreaterThan(40);
  prepareHome(project);
  expect(readFileSync(file, "utf8")).toBe(passphrase);
});

it("leaves the passphrase to who has set one", () => {
  const project = directory();
  vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "given");
  expect(prepareHome(project)).toEqual({});
});

const empty = join(mkdtempSync(join(tmpdir(), "apprun-")), "passphrase");
writeFileSync(empty, "\n");

it.each<[string, Record<string, string>, string]>([
  [
    "an empty passphrase, such as of a secret that does not exist",
    { PULUMI_CONFIG_PASSPHRASE: "" },
    "PULUMI_CONFIG_PASSPHRASE: got an empty one; allowed: a passphrase; set it, or unset the variable; nothing was changed",
  ],
  [
    "an empty passphrase beside a file, which the engine would not read",
    { PULUMI_CONFIG_PASSPHRASE: "", PULUMI_CONFIG_PASSPHRASE_FILE: "/etc/hostname" },
    "PULUMI_CONFIG_PASSPHRASE: got an empty one",
  ],
  [
    "a file without content",
    { PULUMI_CONFIG_PASSPHRASE_FILE: empty },
    `PULUMI_CONFIG_PASSPHRASE_FILE: got ${empty}, which is empty; allowed: a passphrase; write the passphrase into it`,
  ],
  ["no file", { PULUMI_CONFIG_PASSPHRASE_FILE: "" }, "PULUMI_CONFIG_PASSPHRASE_FILE: got an empty path"],
  [
    "a file that is not there",
    { PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere" },
    "PULUMI_CONFIG_PASSPHRASE_FILE /nowhere: got no readable file",
  ],
  [
    "none for a state on another machine, where a generated one would be lost",
    { PULUMI_BACKEND_URL: "s3://bucket" },
    "PULUMI_CONFIG_PASSPHRASE: got none for a state at s3://bucket; allowed: the passphrase of that state; set it or",
  ],
])("refuses %s", (_, env, message) => {
  const project = directory();
  expect(() => prepareHome(project, env)).toThrow(message);
  expect(existsSync(join(project, ".apprun", "passphrase"))).toBe(false);
});

it("generates one for a state in a directory, and none for a service that keeps the keys", () => {
  const project = directory();
  expect(prepareHome(project, { PULUMI_BACKEND_URL: "https://api.pulumi.com" })).toEqual({});
  expect(prepareHome(project, { PULUMI_BACKEND_URL: "file:///tmp" })).toEqual({
    PULUMI_CONFIG_PASSPHRASE_FILE: join(project, ".apprun", "passphrase"),
  });
});
