import { stripVTControlCharacters } from "node:util";
import { colours } from "../kit/colours.ts";
import { CliError, EXIT, reasonOf } from "../kit/exit.ts";
import { note, print } from "../kit/output.ts";
import type { CommonOptions, Project } from "../kit/project.ts";
import { named } from "../kit/services.ts";
import { since as moment } from "../kit/since.ts";
import { followLines, pastLines, type ReplicaLine } from "../runtime/follow.ts";
import type { Replica } from "../runtime/operations.ts";
import { operationsOf, shortName, SYSTEM, type OperateSystem } from "./operate.ts";

export interface LogsOptions extends CommonOptions {
  readonly follow?: boolean;
  readonly since?: string;
  readonly tail?: string;
  readonly grep?: string;
}

/** Lines of each replica, where nothing says how many. */
const TAIL = 100;

/** Prints what the replicas of one service or of all wrote, each line with its replica. */
export async function logs(
  service: string | undefined,
  options: LogsOptions,
  system: OperateSystem = SYSTEM,
  interrupted: AbortSignal = untilInterrupted(),
): Promise<void> {
  const pattern = options.grep === undefined ? undefined : regularExpression(options.grep);
  const since = options.since === undefined ? undefined : moment(options.since, new Date());
  const tail = tailOf(options);
  const project = await system.loadProject(options);
  const { workloads } = project.recording.result.inventory;
  const wanted = service === undefined ? workloads : [named("service", service, workloads)];
  const operations = await operationsOf(project, system);
  const request = { since, tail, signal: interrupted };
  const matches = ({ text }: { readonly text: string }) => pattern?.test(clean(text)) ?? true;
  const there = (await Promise.all(wanted.map((workload) => operations.replicas(workload)))).flat();
  const show = options.json === true ? asJson : inColumns(project, there);
  if (options.follow === true)
    await followLines(
      operations,
      wanted,
      request,
      (line) => {
        if (matches(line)) print(show(line));
      },
      note,
    );
  else for (const line of await pastLines(operations, wanted, request, matches)) print(show(line));
}

/** How many of the last lines; all of them where a time or a pattern says which. */
function tailOf({ tail, since, grep }: LogsOptions): number | undefined {
  if (tail === undefined) return since === undefined && grep === undefined ? TAIL : undefined;
  if (/^\d+$/.test(tail)) return Number(tail);
  throw new CliError(
    { got: `--tail: got "${tail}"`, allowed: "a whole number of lines", fix: "write one" },
    EXIT.usage,
  );
}

function regularExpression(text: string): RegExp {
  try {
    return new RegExp(text, "u");
  } catch (error) {
    throw new CliError(
      { got: `--grep: got "${text}"`, allowed: "a regular expression", fix: reasonOf(error) },
      EXIT.usage,
    );
  }
}

/** A service's own colours, and whatever else a terminal would obey, are left out. */
function clean(text: string): string {
  return stripVTControlCharacters(text);
}

function asJson({ time, text, replica: { service, name } }: ReplicaLine): string {
  return JSON.stringify({ time, service, replica: name, line: clean(text) });
}

const PALETTE = [colours.cyan, colours.yellow, colours.green, colours.magenta, colours.blue];

/** The replica in front, in a colour of its own and as wide as the longest that is known. */
function inColumns(project: Project, replicas: readonly Replica[]): (line: ReplicaLine) => string {
  const names = new Map<string, (text: string) => string>();
  let width = Math.max(0, ...replicas.map(({ name }) => shortName(project, name).length));
  return ({ text, replica: { name } }) => {
    const colour = names.get(name) ?? PALETTE[names.size % PALETTE.length] ?? String;
    names.set(name, colour);
    const prefix = shortName(project, name);
    width = Math.max(width, prefix.length);
    return `${colour(prefix.padEnd(width))} | ${clean(text)}`;
  };
}

/** Ends with an interrupt, and with a reader that goes away, such as `head`. */
function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    controller.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  process.stdout.once("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.stdout.on("error", () => undefined);
    stop();
  });
  return controller.signal;
}
