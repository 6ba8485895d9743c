import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BackupHost, RestoreHost, RestoreHostOptions } from "../../../cli/backup/host.ts";
import { unfinishedRestore, type RestorePhase, type UnfinishedRestore } from "../../../cli/backup/interrupted.ts";
import { restore, type RestoreOptions } from "../../../cli/commands/restore.ts";
import type { RestoreSystem } from "../../../cli/commands/restore-system.ts";
import { CliError, EXIT, type ExitCode } from "../../../cli/kit/exit.ts";
import type { Project } from "../../../cli/kit/project.ts";
import { fakeMarks } from "./restore-marks.ts";
import { fakeRuntime } from "./runtime.ts";
import { captured, type Outcome } from "./terminal.ts";
import { settingsOf, stackOf } from "../record/stacks.ts";

export const [OLD, NEW] = ["20201120T023000Z", "20201121T023000Z"];
export const [OLD_ID, NEW_ID] = ["a".repeat(64), "b".repeat(64)];
export const sets = (stack: string) =>
  JSON.stringify([
    { id: OLD_ID, hostname: stack, tags: [`set=${OLD}`] },
    { id: NEW_ID, hostname: stack, tags: [`set=${NEW}`] },
  ]);
export const MASK = join(mkdtempSync(join(tmpdir(), "mask-")), "mail.sql");
writeFileSync(MASK, "UPDATE customers SET mail = '';\n");

export const PREPARED = ["open restore", "sets local", `prepare local ${NEW_ID}`];
export const SWAPPED = [...PREPARED, "stop consumers", "swap", "database jobs"];
export const RESTORED = [...SWAPPED, "start consumers", "observe", "finish", "close"];
export const FINISH = "to keep the restored data run: npm run restore -- --finish --stack dev";
export const UNDO = "to put the old data back: npm run restore -- --undo --stack dev";

export interface World {
  readonly options?: Partial<RestoreOptions>;
  readonly settings?: Record<string, unknown>;
  readonly secrets?: Parameters<typeof settingsOf>[2];
  readonly stack?: string;
  /** A restore that is not finished. */
  readonly unfinished?: RestorePhase;
  /** Calls that fail, by their first word in the log. */
  readonly fails?: readonly string[];
  /** States of services that are not good. */
  readonly states?: Readonly<Record<string, string>>;
  /** A call before which the mark is looked at. */
  readonly lookAt?: string;
  /** What scripts and steps print, by their call in the log. */
  readonly answers?: Readonly<Record<string, string>>;
  /** What is run. @default - a restore */
  readonly command?: (system: RestoreSystem) => Promise<void>;
}

export interface Result extends Outcome {
  readonly log: readonly string[];
  readonly code: ExitCode;
  readonly message: string;
  /** What is known of the restore afterwards. */
  readonly left: UnfinishedRestore | undefined;
  readonly seen: UnfinishedRestore | undefined;
  readonly opened: RestoreHostOptions | undefined;
}

let recording: Promise<Project["recording"]> | undefined;

/** Runs the command in a world of fakes; `log` has what it did there, in order. */
export async function run({
  options = {},
  settings = {},
  secrets,
  stack = "dev",
  unfinished,
  fails = [],
  states = {},
  lookAt,
  answers = {},
  command,
}: World = {}): Promise<Result> {
  const log: string[] = [];
  recording ??= stackOf({});
  const project: Project = {
    directory: mkdtempSync(join(tmpdir(), "restore-")),
    stack,
    settings: settingsOf(settings, stack, secrets),
    recording: await recording,
  };
  const marks = fakeMarks(unfinished && `${OLD}\n${unfinished}`);
  let seen: UnfinishedRestore | undefined;
  let opened: RestoreHostOptions | undefined;
  const look = async (name: string) => {
    if (name === lookAt) seen = await unfinishedRestore({ marks });
  };
  const call = async <T>(name: string, result: T): Promise<T> => {
    log.push(name);
    await look(name);
    return fails.includes(name.split(" local")[0] ?? "")
      ? Promise.reject(new Error(`${name.split(" local")[0] ?? ""} failed`))
      : Promise.resolve(result);
  };
  const restorer: RestoreHost = {
    sets: (repository) =>
      call(`sets ${repository}`, sets(options.from === undefined ? `apprun/${stack}` : `apprun/${options.from}`)),
    step: (name, args = []) => {
      const step = [name, ...args].join(" ");
      return call(step, answers[step] ?? "");
    },
    send: ({ name }) => call(`send ${name}`, undefined),
    close: () => call("close", undefined),
  };
  const host: BackupHost = {
    marks,
    run: (script, args = []) => {
      const line = [script, ...args].join(" ");
      return call(line, answers[line] ?? sets(`apprun/${stack}`));
    },
    openRestore: (given) => {
      opened = given;
      return call("open restore", restorer);
    },
    stopConsumers: () => call("stop consumers", () => call("start consumers", undefined)),
    runDatabaseJobs: () => call("database jobs", undefined),
  };
  const system: RestoreSystem = {
    loadProject: () => Promise.resolve(project),
    openBackupHost: () => Promise.resolve(host),
    openSource: (_project, from) =>
      Promise.resolve({ stack: `apprun/${from}`, volume: `apprun-${from}-backups`, password: "of the source" }),
    credentials: (_project, service) => Promise.resolve({ username: service, password: `of ${service}` }),
    createRuntime: async () => {
      await look("observe");
      return fakeRuntime({ log, states });
    },
  };
  const outcome = await captured(() =>
    command === undefined
      ? restore({ stack, cwd: ".", repository: "local", confirm: stack, ...options }, system)
      : command(system),
  );
  const { error } = outcome;
  const exitCode = error instanceof CliError ? error.exitCode : EXIT.failed;
  return {
    ...outcome,
    log,
    code: error === undefined ? EXIT.ok : exitCode,
    message: error?.message ?? "",
    left: await unfinishedRestore({ marks }),
    seen,
    opened,
  };
}
