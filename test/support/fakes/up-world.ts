import { mkdtempSync } from "node:fs";
import type { EngineEvent, UpOptions } from "@pulumi/pulumi/automation/index.js";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { up, type UpdatedStack, type UpOptions as CommandOptions, type UpSystem } from "../../../cli/commands/up.ts";
import { CliError, EXIT, type ExitCode } from "../../../cli/kit/exit.ts";
import type { Project } from "../../../cli/kit/project.ts";
import { fakeMarks } from "./restore-marks.ts";
import { fakeRuntime, type FakeRuntimeArgs } from "./runtime.ts";
import { captured, type Outcome } from "./terminal.ts";
import { settingsOf, stackOf } from "../record/stacks.ts";

export const CONTAINER = "docker:index/container:Container";
export const IMAGE = "docker:index/remoteImage:RemoteImage";
export const PASSWORD = "random:index/randomPassword:RandomPassword";
export const VOLUME = "docker:index/volume:Volume";

export const resource = (type: string, name: string, more: object = {}) => ({
  type,
  urn: `urn:pulumi:dev::apprun::x$${type}::${name}`,
  ...more,
});
export const SCHEDULE = resource(CONTAINER, "backup");
export const OLD_KRATOS = resource(IMAGE, "image-kratos", { inputs: { name: "oryd/kratos:v1.1.0" } });
export const OLD_POSTGRES = resource(VOLUME, "postgres-15", { inputs: { name: "apprun-dev-postgres-15" } });
export const NATS = resource(VOLUME, "nats", {
  protect: true,
  retainOnDelete: true,
  inputs: { name: "apprun-dev-nats" },
});

export const CHECKED = ["preflight", "open stack", "export"];
export const GUARDED = [...CHECKED, "guard", "prepare images"];
export const REPAIRED = [...GUARDED, "remove orphans", "observe"];

export interface World extends Omit<FakeRuntimeArgs, "log"> {
  readonly options?: Partial<CommandOptions>;
  readonly settings?: Record<string, unknown>;
  /** What the engine knows. */
  readonly state?: object;
  /** Whether the stack was up before. @default false */
  readonly known?: boolean;
  /** Set of a restore that is not finished. */
  readonly restoring?: string;
  /** Whether an interrupted upgrade has closed the old server. @default false */
  readonly isClosed?: boolean;
  /** What calls of others than the runtime throw, by the name in the log. */
  readonly throws?: Readonly<Record<string, Error>>;
  /** What is wrong with the copy of the state. */
  readonly copyFails?: CliError;
  /** What the engine tells of its update. */
  readonly events?: readonly object[];
  /** What it writes to its standard error. */
  readonly says?: string;
  /** What it waits for before it ends. */
  readonly until?: (world: {
    readonly log: readonly string[];
    readonly signal: AbortSignal | undefined;
  }) => Promise<void>;
}

/** A line that the engine itself writes. */
export const ENGINE_LINE = "the engine's own line\n";

/** An event of the engine on a resource: `resourcePreEvent`, `resOutputsEvent` or `resOpFailedEvent`. */
export const on = (
  event: "resourcePreEvent" | "resOutputsEvent" | "resOpFailedEvent",
  name: string,
  op = "create",
  outputs: object = {},
) => ({
  [event]: {
    metadata: {
      op,
      urn: `urn:pulumi:dev::apprun::${CONTAINER}::${name}`,
      type: CONTAINER,
      new: { inputs: { name: `apprun-dev-${name}` }, outputs },
    },
  },
});

let recording: Promise<Project["recording"]> | undefined;

/** Runs the command in a world of fakes; `log` has what it did there, in order. */
export async function run({
  options = {},
  settings = {},
  state = {},
  known = false,
  restoring,
  isClosed = false,
  throws = {},
  copyFails,
  events = [],
  says = "",
  until,
  ...runtime
}: World = {}): Promise<
  Outcome & { readonly log: readonly string[]; readonly code: ExitCode; readonly message: string }
> {
  const log: string[] = [];
  const call = <T>(name: string, result: T): Promise<T> => {
    log.push(name);
    const thrown = throws[name];
    return thrown === undefined ? Promise.resolve(result) : Promise.reject(thrown);
  };
  recording ??= stackOf({});
  const project: Project = {
    directory: mkdtempSync(join(tmpdir(), "up-")),
    stack: "dev",
    settings: settingsOf(settings),
    recording: await recording,
  };
  const marks = fakeMarks(restoring && `${restoring}\nswapping`);
  const stack = {
    name: "dev",
    exportStack: () => call("export", { version: 3, deployment: state }),
    importStack: ({ deployment }: { deployment: unknown }) => call(`import ${JSON.stringify(deployment)}`, undefined),
    cancel: () => call("cancel", undefined),
    up: async ({ replace = [], onEvent, onOutput, onError, signal }: UpOptions = {}) => {
      onOutput?.(ENGINE_LINE);
      onError?.(says);
      for (const event of events) onEvent?.(event as EngineEvent);
      if (until !== undefined) await until({ log, signal });
      await call(["up", ...replace.map((urn) => `replace ${urn.split("::").at(-1) ?? ""}`)].join(" "), undefined);
    },
  } as unknown as UpdatedStack;
  const system: UpSystem = {
    loadProject: () => Promise.resolve(project),
    createRuntime: () => Promise.resolve(fakeRuntime({ log, ...runtime })),
    knownState: () => Promise.resolve(known ? state : undefined),
    openStack: () => call("open stack", stack),
    openBackupHost: () => Promise.resolve({ marks, run: (script: string) => call(script, "") }),
    pulumi: (of, args) =>
      call(`pulumi ${args.map((arg) => arg.split("::").at(-1)).join(" ")} of ${of.name}`, undefined),
    sayUnfitIdentities: () => Promise.resolve(),
    copyState: async () => {
      log.push("copy state");
      return Promise.resolve(copyFails);
    },
    isClosedForUpgrade: () => Promise.resolve(isClosed),
    oldMajors: (_project, _state, confirm) =>
      call(`old majors ${confirm ?? ""}`, {
        urns: [OLD_POSTGRES.urn],
        remove: () => call("remove old volumes", undefined),
      }),
  };
  const outcome = await captured(() => up({ stack: "dev", cwd: ".", ...options }, system));
  const { error } = outcome;
  if (error !== undefined && !(error instanceof CliError)) throw error;
  return { ...outcome, log, code: error?.exitCode ?? EXIT.ok, message: error?.message ?? "" };
}
