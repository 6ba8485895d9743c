import type { Answers } from "./answers.ts";
import { secretsOf } from "./stack-file.ts";

/** What to run after `init`, in order. Values of secrets are asked for, so they are in no history of a shell. */
export function nextCommands(project: string, answers: Answers): readonly string[] {
  const { stack } = answers;
  const secrets = secretsOf(answers);
  return [
    ...(secrets.length === 0
      ? []
      : [
          "mkdir -p .apprun/state",
          "[ -e .apprun/passphrase ] || (umask 077; openssl rand -base64 32 > .apprun/passphrase)",
          "export PULUMI_CONFIG_PASSPHRASE_FILE=$PWD/.apprun/passphrase",
          `npx pulumi stack init ${stack}`,
          ...secrets.map((path) => `npx pulumi config set --secret ${project}:${path} --stack ${stack}`),
        ]),
    `npm run plan -- --stack ${stack}`,
    `npm run up -- --stack ${stack}`,
  ];
}
