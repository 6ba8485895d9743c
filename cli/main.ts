import { RunError } from "@pulumi/pulumi";
import { Command, CommanderError } from "commander";
import { ciCommands } from "./ci-commands.js";
import type { DestroyOptions } from "./commands/destroy.js";
import type { RenderOptions } from "./commands/render.js";
import { CliError, EXIT } from "./exit.js";
import { note } from "./output.js";
import type { CommonOptions } from "./project.js";

/** The command line of the program. Commands are loaded when they run: `plan` must not wait for the engine's API. */
export function commandLine(): Command {
  const program = new Command("apprun-infra")
    .description("Deploys the apprun platform: one Pulumi program, one command line")
    .exitOverride()
    .showHelpAfterError("(run with --help for what is allowed)");
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option("-s, --stack <name>", "dev, test, staging, prod or pr-<n>", "dev")
      .option("-C, --cwd <directory>", "the project's directory", ".")
      .option("--json", "machine-readable output");
  command("plan", "what the stack consists of: no engine, no Docker, no secret").action(async (options: CommonOptions) =>
    (await import("./commands/plan.js")).plan(options),
  );
  command("preview", "what `up` would change").action(async (options: CommonOptions) => (await import("./commands/preview.js")).preview(options));
  // The alias keeps the suggestion for a mistyped "deploy" from being "destroy".
  command("up", "deploys the stack and verifies that it is healthy")
    .alias("deploy")
    .action(async (options: CommonOptions) => (await import("./commands/up.js")).up(options));
  program
    .command("policies")
    .description("what every stack is held to")
    .option("--json", "machine-readable output")
    .action(async (options: { json?: boolean }) => {
      (await import("./commands/policies.js")).policies(options);
    });
  command("status", "state and address of every service").action(async (options: CommonOptions) => (await import("./commands/status.js")).status(options));
  command("doctor", "looks for everything that can be wrong, and says what to do; changes nothing").action(async (options: CommonOptions) =>
    (await import("./commands/doctor.js")).doctor(options),
  );
  command("destroy", "removes the stack and keeps its data volumes")
    .option("--remove-data", "removes data volumes and their secrets too; asks for the stack's name")
    .option("--confirm <name>", "the stack's name, instead of being asked for it")
    .action(async (options: DestroyOptions) => (await import("./commands/destroy.js")).destroy(options));
  command("render", "writes a Compose file or Kubernetes manifests that run the same stack; secrets are references")
    .option("-o, --out <directory>", "where to write", "rendered")
    .option("--generate-secrets", "also writes new secrets, where there are none yet")
    .action(async (options: RenderOptions) => (await import("./commands/render.js")).renderCommand(options));
  command("credentials", "username and password of a service")
    .argument("<service>", "a service that has credentials")
    .action(async (service: string, options: CommonOptions) => (await import("./commands/credentials.js")).credentials(service, options));
  program.addCommand(ciCommands());
  return program;
}

/** Runs a command and sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await commandLine().parseAsync([...argv]);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof CliError) {
    note(error.message);
    return error.exitCode;
  }
  if (error instanceof RunError) {
    note(error.message);
    return EXIT.usage;
  }
  note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.failed;
}
