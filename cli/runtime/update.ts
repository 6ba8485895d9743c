import type { EngineEvent, UpOptions } from "@pulumi/pulumi/automation/index.js";
import { causeOf } from "../engine/cause.ts";
import { LogFile } from "../engine/log-file.ts";
import { engineOutput } from "../engine/progress.ts";
import { UpdateTracker } from "../engine/tracker.ts";
import { reasonOf } from "../kit/exit.ts";
import { note } from "../kit/output.ts";
import { progressView } from "../kit/progress-view.ts";
import type { Project } from "../kit/project.ts";
import { refusal, type FailedStart } from "./update-failure.ts";
import type { Runtime } from "./runtime.ts";
import { whyOf } from "./verify.ts";
import { watchStarts, type Symptom } from "./watch.ts";

export interface UpdateArgs {
  readonly stack: { readonly up: (options: UpOptions) => Promise<unknown> };
  readonly runtime: Runtime;
  readonly project: Project;
  /** URNs that are made again although nothing of them changed. */
  readonly replace: readonly string[];
  /** Shows the engine's own lines in place of the progress of services. */
  readonly verbose: boolean;
  /** Shows the progress as data. */
  readonly json: boolean;
}

/** Time between two pictures of the progress. */
const REDRAW = 200;
/** Lines of a failed instance's log that are kept. */
const KEPT_LINES = 10_000;

/**
 * Lets the engine update a stack, shows how far it is, and ends it when what it
 * waits for will not come.
 * @throws CliError whose last line has the cause and what to do
 */
export async function update({ stack, runtime, project, replace, verbose, json }: UpdateArgs): Promise<void> {
  const { inventory } = project.recording.result;
  const begun = performance.now();
  const now = () => performance.now() - begun;
  const log = new LogFile(project.directory, project.stack, new Date());
  const tracker = new UpdateTracker(inventory, (resource) => runtime.instanceOf(resource));
  const view = verbose ? undefined : progressView(process.stderr, json);
  const progress = () => ({ rows: tracker.services(), others: tracker.others() });
  const redraw = setInterval(() => view?.show(progress(), now()), REDRAW);
  const failed: FailedStart[] = [];
  const [ended, cancelled] = [new AbortController(), new AbortController()];
  const jobs = () =>
    tracker.failedJobs().map(({ instance, exitCode }): Symptom => ({
      instance,
      what: `ended with exit code ${exitCode}`,
      graceMs: 0,
    }));
  const watching = watchStarts(
    async () => [...(await runtime.symptoms(inventory.workloads, tracker.starting())), ...jobs()],
    async ({ instance, what }) => {
      const service = inventory.workloads.find(({ instances }) => instances.includes(instance))?.name ?? instance;
      const why = await whyOf(runtime, instance);
      const lines = await runtime.lastLogLines(instance, KEPT_LINES);
      log.write(`\n${runtime.instanceName} ${instance} ${what}; its log:\n${lines.join("\n")}\n\n`);
      // Of a job the engine knows that it ended, and waits only for others.
      const waits = tracker.starting().includes(instance) && runtime.endWait !== undefined;
      failed.push({ service, instance, what, why, removed: waits });
      if (waits) await runtime.endWait?.(instance);
      else cancelled.abort();
    },
    ended.signal,
  );
  let errors = "";
  const { onOutput, color, suppressProgress } = engineOutput();
  try {
    await stack.up({
      ...(verbose ? { color, suppressProgress } : { color: "never", suppressProgress: true }),
      onOutput: (text) => {
        log.write(text);
        if (verbose) onOutput(text);
      },
      onError: (text) => {
        log.write(text);
        errors += text;
        if (verbose) onOutput(text);
      },
      onEvent: (event: EngineEvent) => {
        tracker.take(event, now());
      },
      signal: cancelled.signal,
      replace: [...replace],
    });
  } catch (error) {
    await end();
    const causes = [...tracker.causes(), ...otherCause(errors)];
    throw await refusal({ runtime, project, failed, late: tracker.failed(), causes, logFile: log.path, error });
  }
  await end();

  async function end(): Promise<void> {
    clearInterval(redraw);
    ended.abort();
    await watching.catch((error: unknown) => {
      log.write(`the watch over what starts ended: ${reasonOf(error)}\n`);
    });
    view?.end(progress(), now());
    for (const warning of tracker.warnings()) note(`warning: ${warning}`);
    const { resources } = tracker;
    if (!json && !verbose && resources !== undefined) note(`Resources: ${resources}`);
    if (!json) note(`the engine's own lines: ${log.path}`);
  }
}

/** What the engine says outside of its events, such as a state that it cannot open. */
function otherCause(text: string): readonly { readonly resource: string; readonly cause: string }[] {
  const cause = causeOf(text);
  return cause === undefined ? [] : [{ resource: "", cause }];
}
