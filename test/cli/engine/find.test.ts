import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, it } from "vitest";
import { findEngine } from "../../../cli/engine/find.ts";

/** A directory with a program that answers as a Pulumi CLI of some version. */
function fakeEngine(version: string, below = "bin"): string {
  const directory = join(mkdtempSync(join(tmpdir(), "apprun-")), below);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "pulumi"), `#!/bin/sh\necho ${version}\n`);
  chmodSync(join(directory, "pulumi"), 0o755);
  return directory;
}

it("takes the first engine on PATH whose version fits", async () => {
  const [old, good, later] = [fakeEngine("v3.200.0"), fakeEngine("v3.260.1"), fakeEngine("v3.265.0")];
  expect(await findEngine([old, good, later].join(delimiter))).toEqual({ version: "3.260.1", directory: good });
});

it("takes a build between releases", async () => {
  const dev = fakeEngine("v3.260.0-dev.0");
  expect(await findEngine(dev)).toEqual({ version: "3.260.0-dev.0", directory: dev });
});

it("does not take the npm package's program for one on PATH", async () => {
  const [shim, good] = [fakeEngine("v3.261.0", join("node_modules", ".bin")), fakeEngine("v3.260.0")];
  expect(await findEngine([shim, good].join(delimiter))).toEqual({ version: "3.260.0", directory: good });
});
