import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Name of the directory that has a project's local state and passphrase; git ignores it. */
export const HOME = ".apprun";

/**
 * Makes the local state's directory and a passphrase, where the environment
 * names none, and returns the environment that the engine needs. The passphrase
 * stays in its file.
 */
export function prepareHome(directory: string): Record<string, string> {
  const home = join(directory, HOME);
  if (process.env["PULUMI_BACKEND_URL"] === undefined) {
    mkdirSync(join(home, "state"), { recursive: true, mode: 0o700 });
    chmodSync(home, 0o700);
  }
  if (
    process.env["PULUMI_CONFIG_PASSPHRASE"] !== undefined ||
    process.env["PULUMI_CONFIG_PASSPHRASE_FILE"] !== undefined
  )
    return {};
  return { PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(home) };
}

function passphraseFile(home: string): string {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const path = join(home, "passphrase");
  if (!existsSync(path)) writeFileSync(path, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  return path;
}
