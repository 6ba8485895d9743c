import { Argument, type Command } from "commander";
import { SHELLS, type Shell } from "../kit/complete.ts";
import type { CommonOptions } from "../kit/project.ts";
import type { ExecOptions } from "./exec.ts";
import type { LogsOptions } from "./logs.ts";
import type { PromoteOptions } from "./promote.ts";
import type { PsqlOptions } from "./psql.ts";
import type { RestartOptions } from "./restart.ts";

/** Commands on services that run; `command` makes one on a stack. */
export function addOperatorCommands(program: Command, command: (name: string, description: string) => Command): void {
  command("logs", "what the replicas of a service wrote, or of all services")
    .argument("[service]", "one service, instead of all")
    .option("-f, --follow", "goes on with what they write, those too that start later")
    .option("--since <time>", "from then on: a span such as 10m or 2h, or a time such as 2026-11-21T02:30:00Z")
    .option("--tail <lines>", "so many of the last lines of each replica; 100 without --since and --grep")
    .option("--grep <pattern>", "only lines that match this regular expression")
    .action(async (service: string | undefined, options: LogsOptions) =>
      (await import("./logs.ts")).logs(service, options),
    );
  command("exec", "runs a command in a service and ends with its exit code: exec SERVICE -- COMMAND")
    .argument("<service>", "a service that runs")
    .argument("<command...>", "the command, after --")
    .option("--replica <name>", "this replica, instead of the first that runs")
    .action(async (service: string, words: string[], options: ExecOptions) =>
      (await import("./exec.ts")).exec(service, words, options),
    );
  command("psql", "opens psql on a database, or runs what standard input has; reads only, unless --write is given")
    .argument("[database]", "a database, instead of the app's")
    .argument("[arguments...]", "arguments of psql itself, after --")
    .option("--role <name>", "logs in as this role, instead of the database's owner")
    .option("--write", "lets transactions write")
    .option("--replica", "asks the replica, which only reads")
    .action(async (database: string | undefined, words: string[], options: PsqlOptions) =>
      (await import("./psql.ts")).psql(database, words, options),
    );
  command("promote", "puts the data of PostgreSQL's replica in place of its own; asks for the stack's name")
    .option("--accept-loss", "also where the replica lacks log that the primary has")
    .option("--confirm <name>", "the stack's name, instead of being asked for it")
    .action(async (options: PromoteOptions) => (await import("./promote.ts")).promote(options));
  command("restart", "starts a service again, one replica after the other; asks first where it holds data")
    .argument("<service>", "a service that runs")
    .option("--timeout <span>", "time for a replica to be healthy again", "3m")
    .option("--confirm <name>", "the stack's name, instead of being asked for it")
    .action(async (service: string, options: RestartOptions) =>
      (await import("./restart.ts")).restart(service, options),
    );
  command("create-admin", "makes an administrator of the app; asks for the password, or reads a line of standard input")
    .argument("<email>", "the administrator's address")
    .action(async (email: string, options: CommonOptions) =>
      (await import("./create-admin.ts")).createAdmin(email, options),
    );
  command("top", "CPU and memory of every replica against its limits").action(async (options: CommonOptions) =>
    (await import("./top.ts")).top(options),
  );
  command("open", "the address of a page; in a browser, where a terminal has one")
    .argument("<page>", "a page of the stack")
    .action(async (page: string, options: CommonOptions) => (await import("./open.ts")).open(page, options));
  program
    .command("completion")
    .description("what a shell reads to complete this command line, the stack's services and pages among it")
    .addArgument(new Argument("<shell>", "the shell").choices([...SHELLS]))
    .action(async (shell: Shell) => {
      (await import("./completion.ts")).completion(shell);
    });
  program
    .command("complete", { hidden: true })
    .argument("[words...]")
    .action(async (words: string[]) => (await import("./completion.ts")).complete(program, words));
}
