import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { finished, type CommandResult } from "./process.ts";

const BIN = fileURLToPath(new URL("../../../cli/bin.mjs", import.meta.url));

/** A project directory with a stack file, for commands that need no engine. */
export function projectDirectory(stackFile = "config: {}\n", stack = "dev"): string {
  const directory = mkdtempSync(join(tmpdir(), "apprun-"));
  writeFileSync(join(directory, "Pulumi.yaml"), "name: apprun\nruntime: nodejs\n");
  writeFileSync(join(directory, `Pulumi.${stack}.yaml`), stackFile);
  return directory;
}

/** Runs the command line as a user does. */
export function cli(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
  return finished(
    spawn(process.execPath, [BIN, ...args], {
      env: { ...process.env, NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
}
