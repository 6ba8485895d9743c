import { mkdtempSync, readFileSync, statSync } from "node:fs";
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
