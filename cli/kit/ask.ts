import { createInterface } from "node:readline/promises";
import { CliError, EXIT } from "./exit.ts";

/**
 * Lets the operator type the stack's name before something is lost.
 * @throws CliError with exit code 2 for any other answer, and where nobody can answer
 */
export async function confirmStack(
  option: string,
  stack: string,
  loss: string,
  given: string | undefined,
): Promise<void> {
  const answer = given ?? (await ask(`${loss} Type the stack's name to go on: `));
  if (answer === stack) return;
  throw new CliError(
    {
      got: `${option}: got "${answer}"`,
      allowed: `"${stack}", the stack's name`,
      fix: "nothing was changed; name the stack",
    },
    EXIT.usage,
  );
}

/** What the operator types in answer; nothing where nobody can answer. */
export async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) return "";
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}
