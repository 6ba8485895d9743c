import { Option, type Command } from "commander";
import { TARGETS } from "../init/answers.ts";
import type { GivenAnswers } from "../init/ask-all.ts";
import { CliError, EXIT } from "../kit/exit.ts";
import type { CommonOptions } from "../kit/project.ts";
import type { InitOptions } from "./init.ts";

type AnyInitOptions = CommonOptions & GivenAnswers & Partial<Omit<InitOptions, keyof CommonOptions>>;

/** What only the way back takes. */
const FROM_BACKUP = ["ca", "confirm"] as const;
/** What only a new stack takes. */
const NEW = [
  "target",
  "dockerHost",
  "storageClass",
  "domain",
  "acmeEmail",
  "clusterIssuer",
  "appImage",
  "appPort",
  "mailFrom",
  "backupBucket",
] as const;

/** Adds `init`, which begins a stack: a new one by questions, or one that was lost from its backups. */
export function addInit(command: (name: string, description: string) => Command): void {
  command(
    "init",
    "asks what a new stack needs and writes its file; with --from-backup it brings a lost stack back: state, settings, data",
  )
    .addOption(new Option("--target <name>", "where the stack runs").choices(TARGETS))
    .option(
      "--docker-host <address>",
      "with docker: another Docker Engine than this machine's, such as ssh://deploy@host",
    )
    .option("--storage-class <name>", "with kubernetes: the class of data volumes")
    .option("--domain <name>", "its domain; staging and prod need one")
    .option("--acme-email <address>", "with docker and a domain: where the certificate's authority writes to")
    .option("--cluster-issuer <name>", "on a cluster, with a domain: cert-manager's issuer; letsencrypt when absent")
    .option("--app-image <reference>", "your app, such as ghcr.io/example/shop:1.4.2; staging and prod need one")
    .option("--app-port <port>", "what the app listens on; 8080 when absent")
    .option("--mail-from <address>", "sender of the login's mails; none are sent when absent")
    .option("--backup-bucket <address>", "where backups are copied to: endpoint, bucket and prefix in one")
    .option("--from-backup <address>", "endpoint, bucket and prefix, such as https://s3.example.com/backups")
    .option("--region <name>", "the bucket's region, where the service does not tell")
    .option("--ca <file>", "with --from-backup: certificate that signed the service's, where no public authority did")
    .option("--confirm <name>", "with --from-backup: the stack's name, instead of being asked for it")
    .action(begin);
}

async function begin({ fromBackup, ...options }: AnyInitOptions): Promise<void> {
  const given = fromBackup === undefined ? FROM_BACKUP : NEW;
  const needless = given.filter((key) => options[key] !== undefined);
  if (needless.length > 0)
    throw new CliError(
      {
        got: `init: got ${needless.map(optionOf).join(", ")} ${fromBackup === undefined ? "without" : "with"} --from-backup`,
        allowed: fromBackup === undefined ? "options of a new stack" : "a stack whose settings come from the bucket",
        fix: "leave one of the two out",
      },
      EXIT.usage,
    );
  if (fromBackup === undefined) await (await import("./init-new.ts")).initNew(options);
  else await (await import("./init.ts")).init({ ...options, fromBackup });
}

function optionOf(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
