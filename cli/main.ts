import { RunError } from "@pulumi/pulumi";
import { Command, CommanderError, Option } from "commander";
import { ciCommands } from "./commands/ci/ci.ts";
import type { BackupOptions } from "./commands/backup.ts";
import type { DestroyOptions } from "./commands/destroy.ts";
import type { DiagramCommandOptions } from "./commands/diagram.ts";
import type { DrillOptions } from "./commands/drill.ts";
import { addInit } from "./commands/add-init.ts";
import type { ImportOptions } from "./commands/import.ts";
import type { KeysOptions } from "./commands/keys.ts";
import type { PlanOptions } from "./commands/plan.ts";
import type { PreviewOptions } from "./commands/preview.ts";
import { addOperatorCommands } from "./commands/operator.ts";
import type { RenderOptions } from "./commands/render.ts";
import type { RestoreOptions } from "./commands/restore.ts";
import type { StateBackupOptions, StateRestoreOptions } from "./commands/state.ts";
import type { UnlockOptions } from "./commands/unlock.ts";
import type { UpOptions } from "./commands/up.ts";
import { takeDockerEnvironment } from "./kit/docker-environment.ts";
import { CliError, EXIT, EXIT_MEANINGS, Ended } from "./kit/exit.ts";
import { note } from "./kit/output.ts";
import type { ImagePushOptions } from "./commands/image-push.ts";
import type { ImagesCheckOptions } from "./commands/images.ts";
import type { CommonOptions } from "./kit/project.ts";

const DATA_IS_LOST = "goes on although data volumes of the state are gone, or another engine answers";

/** The command line of the program. Commands are loaded when they run: `plan` must not wait for the engine's API. */
export function commandLine(): Command {
  const program = new Command("apprun-infra")
    .description("Deploys the apprun platform: one Pulumi program, one command line")
    .exitOverride()
    .showHelpAfterError("(run with --help for what is allowed)")
    .addHelpText("after", `\nExit codes:\n${exitCodes()}`);
  const command = (name: string, description: string) => stackCommand(program, name, description);
  command("plan", "what the stack consists of: no engine, no Docker, no secret")
    .option("--html <file>", "also writes one page with the diagram, the budget and the findings")
    .action(async (options: PlanOptions) => (await import("./commands/plan.ts")).plan(options));
  command("diagram", "the stack as a picture: services, zones, arrows, ports, routes, volumes")
    .addOption(new Option("--format <name>", "its notation").choices(["mermaid", "svg"]).default("mermaid"))
    .option("--jobs", "also shows jobs, which run once and are done")
    .option("-o, --out <file>", "where to write, instead of standard output")
    .action(async (options: DiagramCommandOptions) => (await import("./commands/diagram.ts")).diagram(options));
  command("preview", "what `up` would change")
    .option("--data-is-lost", DATA_IS_LOST)
    .option("--take-data", "goes on as `up --take-data` does")
    .action(async (options: PreviewOptions) => (await import("./commands/preview.ts")).preview(options));
  // The alias keeps the suggestion for a mistyped "deploy" from being "destroy".
  command("up", "deploys the stack and verifies that it is healthy")
    .alias("deploy")
    .option("--skip-backup", "takes no backup before new versions of what touches data")
    .option("--remove-old", "deletes the data volume that an upgrade of PostgreSQL left; asks for the stack's name")
    .option(
      "--forget-data",
      "drops volumes that the settings no longer have from the state and keeps them; asks for the stack's name",
    )
    .option(
      "--take-data",
      "takes up volumes that are there, that the settings want and that the state has forgotten; asks for the stack's name",
    )
    .option("--data-is-lost", `${DATA_IS_LOST}; asks for the stack's name`)
    .option("--confirm <name>", "the stack's name, instead of being asked for it")
    .action(async (options: UpOptions) => (await import("./commands/up.ts")).up(options));
  program
    .command("policies")
    .description("the policies that every stack must meet")
    .option("--json", "machine-readable output")
    .action(async (options: { json?: boolean }) => {
      (await import("./commands/policies.ts")).policies(options);
    });
  command("status", "state and address of every service").action(async (options: CommonOptions) =>
    (await import("./commands/status.ts")).status(options),
  );
  command("doctor", "looks for everything that can be wrong, and says what to do; changes nothing").action(
    async (options: CommonOptions) => (await import("./commands/doctor.ts")).doctor(options),
  );
  command("destroy", "removes the stack and keeps its data volumes")
    .option("--remove-data", "removes data volumes and their secrets too; asks for the stack's name")
    .option("--keep-backups", "with --remove-data: keeps the local backup repository")
    .option("--data-is-lost", `${DATA_IS_LOST}; asks for the stack's name`)
    .option("--confirm <name>", "the stack's name, instead of being asked for it")
    .action(async (options: DestroyOptions) => (await import("./commands/destroy.ts")).destroy(options));
  command("backup", "takes a backup set now")
    .option("--new-repository", "begins a new repository where the one that had the sets is lost")
    .option("--take-over", "writes to the remote repository from now on, where another host of the stack did")
    .action(async (options: BackupOptions) => (await import("./commands/backup.ts")).backup(options));
  command("drill", "restores the newest set into a throw-away server and compares it")
    .addOption(
      new Option(
        "--repository <name>",
        "where the set is read from, instead of the one that was drilled longest ago",
      ).choices(["local", "remote"]),
    )
    .action(async (options: DrillOptions) => (await import("./commands/drill.ts")).drill(options));
  command("restore", "puts a backup set in place of the data; asks for the stack's name")
    .option("--set <name>", "the set, instead of the newest")
    .option("--time <time>", "the newest set of that time or before, such as 2026-11-21T02:30:00Z")
    .option(
      "--point-in-time <time>",
      "the databases as of that second, with backup.pointInTime; files as of the newest set before it",
    )
    .addOption(
      new Option("--repository <name>", "where the set is read from").choices(["local", "remote"]).default("local"),
    )
    .option(
      "--from <stack>",
      "reads the sets of another stack of this project; its keys come first: see the command keys",
    )
    .option(
      "--mask <files...>",
      "with --from: SQL files that mask the app's database, which alone is restored then, before anything else can read it",
    )
    .option("--databases", "the databases alone; files stay as they are")
    .option("--files", "the files alone; databases stay as they are")
    .option(
      "--accept <files...>",
      "files that are taken though they are not what the set's list says, as a failed restore names them",
    )
    .option("--list", "shows the sets, whether a drill has proven them and whether they fit, and changes nothing")
    .option("--undo", "puts the old data back, after a restore that was killed or is not healthy")
    .option(
      "--finish",
      "keeps the restored data and removes the old, after a restore that is not healthy; asks for the stack's name",
    )
    .option("--confirm <name>", "the stack's name, instead of being asked for it")
    .action(async (options: RestoreOptions) => (await import("./commands/restore.ts")).restore(options));
  command(
    "import",
    "puts another system's dump in place of a database of the app or of your services; asks for the stack's name",
  )
    .argument("<file>", "a file that pg_dump wrote of one database, plain or with --format custom")
    .requiredOption("--database <name>", "the database: apprun, or your service's")
    .option("--replace", "also in place of tables that are there")
    .option("--confirm <name>", "the stack's name, instead of being asked for it")
    .action(async (file: string, options: ImportOptions) =>
      (await import("./commands/import.ts")).importDump(file, options),
    );
  addInit(command);
  addStateCommands(program);
  command("render", "writes a Compose file or Kubernetes manifests that run the same stack; secrets are references")
    .option("-o, --out <directory>", "where to write", "rendered")
    .option("--generate-secrets", "also writes new secrets, where there are none yet")
    .action(async (options: RenderOptions) => (await import("./commands/render.ts")).renderCommand(options));
  command("ca", "the certificate to trust, with tls.mode local-ca").action(async (options: CommonOptions) =>
    (await import("./commands/ca.ts")).ca(options),
  );
  command("credentials", "username and password of a service")
    .argument("<service>", "a service that has credentials")
    .action(async (service: string, options: CommonOptions) =>
      (await import("./commands/credentials.ts")).credentials(service, options),
    );
  command("keys", "gives the stack the keys that another stack's data is encrypted with, for a restore of its sets")
    .requiredOption("--from <stack>", "the stack that has the keys")
    .option("--confirm <name>", "the stack's name, instead of being asked for it")
    .action(async (options: KeysOptions) => (await import("./commands/keys.ts")).keys(options));
  addImageCommands(program);
  addOperatorCommands(program, command);
  program.addCommand(ciCommands());
  return program;
}

function exitCodes(): string {
  return Object.entries(EXIT)
    .map(([name, code]) => `  ${code}  ${EXIT_MEANINGS[name as keyof typeof EXIT]}`)
    .join("\n");
}

/** A command on one stack of one project. */
function stackCommand(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option("-s, --stack <name>", "dev, test, staging, prod or pr-<n>", "dev")
    .option("-C, --cwd <directory>", "the project's directory", ".")
    .option("--json", "machine-readable output")
    .option("--verbose", "the engine's own lines, and where in the code an error comes from");
}

function addImageCommands(program: Command): void {
  const images = program
    .command("images")
    .alias("image")
    .description("compares images with their registries, writes their digests, and brings one without a registry");
  images
    .command("check")
    .description("compares every image of the catalogue with its registry: tag, platforms, newer patch, next line")
    .option("-s, --stack <name>", "the stack whose logins of registries are used; nobody logs in when absent")
    .option("-C, --cwd <directory>", "the project's directory", ".")
    .option("--json", "machine-readable output")
    .action(async (options: ImagesCheckOptions) => (await import("./commands/images.ts")).imagesCheck(options));
  stackCommand(images, "digests", "writes the digests of a stack's images into its file, as images.pins").action(
    async (options: CommonOptions) => (await import("./commands/images.ts")).imagesDigests(options),
  );
  stackCommand(images, "push", "brings an image that was built here to where the stack runs, without a registry")
    .argument("<name>", "the image, as the stack's settings name it")
    .option("--from <address>", "the Docker Engine that has it, instead of the one of this shell")
    .option("--node <addresses...>", "on Kubernetes: the machines of nodes, such as ssh://root@node-1")
    .action(async (name: string, options: ImagePushOptions) =>
      (await import("./commands/image-push.ts")).imagePush(name, options),
    );
}

function addStateCommands(program: Command): void {
  const state = program.command("state").description("the engine's state: copies of it, and who holds the stack");
  stackCommand(state, "backup", "writes the state to a file, secrets encrypted")
    .option("-o, --out <file>", "where to write; <stack>.state.json when absent")
    .action(async (options: StateBackupOptions) => (await import("./commands/state.ts")).stateBackup(options));
  stackCommand(state, "restore", "brings a state back from a file; asks before it replaces one")
    .argument("<file>", "a file that `state backup` wrote")
    .option("--confirm <name>", "the stack's name, instead of being asked for it")
    .action(async (file: string, options: StateRestoreOptions) =>
      (await import("./commands/state.ts")).stateRestore(file, options),
    );
  stackCommand(state, "unlock", "shows who holds the stack and takes it from an owner that is gone")
    .option("--force", "also takes it from one that may be at work; asks for the stack's name")
    .option("--confirm <name>", "the stack's name, instead of being asked for it")
    .action(async (options: UnlockOptions) => (await import("./commands/unlock.ts")).unlock(options));
}

/** Runs a command and sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  takeDockerEnvironment();
  try {
    await commandLine().parseAsync([...argv]);
  } catch (error) {
    process.exitCode = exitCodeOf(error, argv.includes("--verbose"));
  }
}

function exitCodeOf(error: unknown, verbose: boolean): number {
  if (error instanceof Ended) return error.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof CliError) {
    note(error.message);
    return error.exitCode;
  }
  if (error instanceof RunError) {
    note(error.message);
    return EXIT.usage;
  }
  note(error instanceof Error ? ((verbose ? error.stack : undefined) ?? error.message) : String(error));
  if (!verbose) note("this is not expected: --verbose shows where it comes from");
  return EXIT.failed;
}
