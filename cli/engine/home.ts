import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CliError, EXIT } from "../kit/exit.ts";
import { readText } from "../kit/read-text.ts";

/** Name of the directory that has a project's local state and passphrase; git ignores it. */
export const HOME = ".apprun";

const PASSPHRASE = "PULUMI_CONFIG_PASSPHRASE";
export const PASSPHRASE_FILE = "PULUMI_CONFIG_PASSPHRASE_FILE";

/** Where the state is. `@default -` in this project's own directory */
export function backendUrl(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env["PULUMI_BACKEND_URL"] || undefined;
}

/**
 * Makes the local state's directory and a passphrase, where the environment
 * names none, and returns the environment that the engine needs. The passphrase
 * stays in its file.
 * @throws CliError for an empty passphrase, and where none is given for a state on another machine
 */
export function prepareHome(directory: string, env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const backend = backendUrl(env);
  const home = join(directory, HOME);
  if (backend === undefined) {
    mkdirSync(join(home, "state"), { recursive: true, mode: 0o700 });
    chmodSync(home, 0o700);
  }
  if (givenPassphrase(env)) return {};
  // A service keeps keys of its own.
  if (backend?.startsWith("http") === true) return {};
  if (backend !== undefined && !backend.startsWith("file://"))
    throw new CliError(
      {
        got: `${PASSPHRASE}: got none for a state at ${backend}`,
        allowed: "the passphrase of that state",
        fix: `set it or ${PASSPHRASE_FILE}; nothing was changed. One that is generated here would be lost with this machine`,
      },
      EXIT.usage,
    );
  return { [PASSPHRASE_FILE]: passphraseFile(home) };
}

/**
 * Whether the environment has a passphrase. The engine takes an empty one, which
 * is what a pipeline sets for a secret that does not exist: everything would be
 * encrypted with nothing.
 * @throws CliError for an empty one
 */
export function givenPassphrase(env: NodeJS.ProcessEnv = process.env): boolean {
  const [passphrase, file] = [env[PASSPHRASE], env[PASSPHRASE_FILE]];
  const refuse = (got: string, fix: string) =>
    new CliError({ got, allowed: "a passphrase", fix: `${fix}; nothing was changed` }, EXIT.usage);
  // The order in which the engine reads them.
  if (passphrase !== undefined) {
    if (passphrase === "") throw refuse(`${PASSPHRASE}: got an empty one`, "set it, or unset the variable");
    return true;
  }
  if (file === undefined) return false;
  if (file === "") throw refuse(`${PASSPHRASE_FILE}: got an empty path`, "name a file, or unset the variable");
  if (readText(PASSPHRASE_FILE, file).trim() === "")
    throw refuse(`${PASSPHRASE_FILE}: got ${file}, which is empty`, "write the passphrase into it");
  return true;
}

/**
 * The passphrase as the engine reads it, for what is encrypted beside the state.
 * `undefined` where a service keeps the keys, and where there is none yet.
 */
export function readPassphrase(directory: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (givenPassphrase(env)) return env[PASSPHRASE] ?? readText(PASSPHRASE_FILE, env[PASSPHRASE_FILE] ?? "").trim();
  const own = passphrasePath(join(directory, HOME));
  return backendUrl(env) === undefined && existsSync(own) ? readText("passphrase", own).trim() : undefined;
}

/** The file of the passphrase that the first `up` makes. */
export function passphrasePath(home: string): string {
  return join(home, "passphrase");
}

function passphraseFile(home: string): string {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const path = passphrasePath(home);
  if (!existsSync(path)) writeFileSync(path, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  return path;
}
