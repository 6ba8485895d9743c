import { spawnSync } from "node:child_process";
import { ModelError } from "../model/errors.ts";

/** Time for a program that asks a server. */
const TIMEOUT = 60_000;

/**
 * What the operator's program prints: secrets by name, in JSON. Nothing that it
 * prints is shown, because any of it can be a secret.
 * @throws ModelError for a program that fails, or prints something else
 */
export function runSecretsCommand([program = "", ...args]: readonly string[], directory: string): Map<string, string> {
  const { status, signal, error, stdout } = spawnSync(program, args, {
    cwd: directory,
    env: environment(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: TIMEOUT,
    maxBuffer: 2 ** 24,
  });
  if (error !== undefined) throw failed(program, `did not run: ${(error as NodeJS.ErrnoException).code ?? error.name}`);
  if (status !== 0) throw failed(program, `ended with ${status ?? signal ?? "nothing"}`);
  return new Map(Object.entries(parsed(program, stdout)).filter(isText));
}

function parsed(program: string, text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own words quote the text.
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw failed(program, "printed no JSON map of names and secrets");
  return value;
}

function isText(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === "string" && entry[1] !== "";
}

function failed(program: string, what: string): ModelError {
  return new ModelError({
    happened: `apprun:secretsCommand: ${program} ${what}`,
    fix: "its output is not shown, because it can hold secrets: run it by hand in the project's directory",
  });
}

/** The engine hands its configuration over in the environment, decrypted: the program has no use for it. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PULUMI_CONFIG")));
}
