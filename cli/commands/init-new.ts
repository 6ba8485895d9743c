import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { environmentOf } from "../../components/settings/kit/environment.ts";
import { askAll, type AskLine, type GivenAnswers } from "../init/ask-all.ts";
import { nextCommands } from "../init/next-commands.ts";
import { secretsOf, stackFileText } from "../init/stack-file.ts";
import { withSecrets } from "../init/with-secrets.ts";
import { ask } from "../kit/ask.ts";
import { CliError, EXIT } from "../kit/exit.ts";
import { note, print, printJson } from "../kit/output.ts";
import { projectName, type CommonOptions } from "../kit/project.ts";

export type InitNewOptions = CommonOptions & GivenAnswers;

/**
 * Writes the file of a new stack from a few answers, and says what to run then. The file is read as every command
 * reads it before it is kept, so that what is written is what the stack needs.
 * @throws CliError where the stack has a file already, and for answers that are wrong or missing
 */
export async function initNew(
  { stack, cwd, json = false, ...given }: InitNewOptions,
  askLine: AskLine | undefined = process.stdin.isTTY && !json ? ask : undefined,
): Promise<void> {
  const directory = resolve(cwd);
  const project = projectName(directory);
  const file = `Pulumi.${stack}.yaml`;
  const path = join(directory, file);
  if (environmentOf(stack).kind === "pr")
    throw new CliError(
      {
        got: `init: got stack ${stack}`,
        allowed: "dev, test, staging or prod",
        fix: "stacks of pull requests have Pulumi.pr.yaml in common: docs/pull-requests.md",
      },
      EXIT.usage,
    );
  if (existsSync(path))
    throw new CliError(
      {
        got: `init: got stack ${stack}, which has the file ${file}`,
        allowed: "a stack without one: no file is overwritten",
        fix: "change that file, move it away, or name another stack with --stack",
      },
      EXIT.usage,
    );
  const answers = await askAll(stack, given, askLine);
  const text = stackFileText(project, answers);
  const secrets = secretsOf(answers);
  await withSecrets({ stack, file, text, project: readFileSync(join(directory, "Pulumi.yaml"), "utf8"), secrets });
  // Of two that write at once, one fails.
  writeFileSync(path, text, { flag: "wx" });
  const next = nextCommands(project, answers);
  if (json) {
    printJson({ stack, file, secrets, next });
    return;
  }
  note(`${file} is written; look at it, then run:`);
  print(next.join("\n"));
}
