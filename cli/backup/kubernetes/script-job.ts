import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1Job, V1Pod } from "@kubernetes/client-node";
import { BACKUP_SCRIPTS } from "../../../components/services/backup/files.ts";
import { CliError } from "../../kit/exit.ts";
import type { Cluster } from "../../runtime/kubernetes/client.ts";
import { execInPod } from "../../runtime/kubernetes/exec.ts";
import { podLog } from "../../runtime/kubernetes/logs.ts";
import { jobPods, podReason } from "../../runtime/kubernetes/observe.ts";
import type { Plain } from "../../runtime/kubernetes/plain.ts";
import type { PodTemplate } from "./restore-pods.ts";

/** Time in which a pod must be placed and have its volumes and its image, in milliseconds. */
const START_TIMEOUT = 180_000;
const POLL = 1000;
/** Seconds after which a pod that is used ends, where the command line died. */
const USE_SECONDS = "86400";
/** Seconds for which a Job that failed stays, and with it its log. */
const KEPT = 86_400;

/** A pod's log has standard output and standard error in one: this marks the lines of the first. */
const RESULT = "result: ";

/** Runs a backup script so that its result can be told from its progress. */
export function scriptCommand(script: string, args: readonly string[]): string[] {
  return [
    "bash",
    "-c",
    `set -o pipefail; bash "$0" "$@" | sed 's/^/${RESULT}/'`,
    `${BACKUP_SCRIPTS}/${script}`,
    ...args,
  ];
}

/** Both halves of a log. */
export function splitLog(log: string): { readonly output: string; readonly progress: readonly string[] } {
  const lines = log.split("\n").filter((line) => line !== "");
  return {
    output: lines.flatMap((line) => (line.startsWith(RESULT) ? [`${line.slice(RESULT.length)}\n`] : [])).join(""),
    progress: lines.filter((line) => !line.startsWith(RESULT)),
  };
}

/** What a Job goes with. */
export interface ScriptOwner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface ScriptJob {
  readonly cluster: Cluster;
  readonly namespace: string;
  /** What the Job's name begins with. */
  readonly name: string;
  readonly template: PodTemplate;
  readonly owner: ScriptOwner;
  readonly script: string;
  readonly args: readonly string[];
}

/**
 * Runs a script in a pod of its own to its end, and returns what it printed;
 * its progress goes to standard error. The Job goes on when the command line dies.
 * @throws CliError when it fails or cannot start
 */
export async function runScript(job: ScriptJob): Promise<string> {
  const { cluster, namespace, name, script, args } = job;
  const created = await cluster.batch.createNamespacedJob({ namespace, body: scriptJob(job) });
  const jobName = created.metadata?.name ?? name;
  const deadline = performance.now() + START_TIMEOUT;
  let shown = 0;
  for (;;) {
    await sleep(POLL);
    const [pod] = await jobPods(cluster, namespace, jobName);
    const { output, progress } = splitLog(pod === undefined ? "" : await podLog(cluster, namespace, pod));
    for (const line of progress.slice(shown)) process.stderr.write(`${line}\n`);
    shown = progress.length;
    const ended = pod?.status?.containerStatuses?.[0]?.state?.terminated;
    if (ended?.exitCode === 0) {
      await remove(cluster, namespace, jobName);
      return output;
    }
    if (ended !== undefined || (await hasFailed(cluster, namespace, jobName)))
      throw new CliError({
        happened: `${[script, ...args].join(" ")} in job ${jobName} ended with exit code ${ended?.exitCode ?? "none"}: ${lastWords(progress) ?? ended?.reason ?? "its pod is gone"}`,
        fix: "fix what it names",
      });
    if (pod?.status?.phase !== "Running" && performance.now() > deadline) {
      throw await notStarted(cluster, namespace, jobName, pod);
    }
  }
}

/** Removes a Job whose pod does not start, and says why. */
async function notStarted(cluster: Cluster, namespace: string, job: string, pod: V1Pod | undefined): Promise<CliError> {
  const reason = await whyNotStarted(cluster, namespace, pod);
  await remove(cluster, namespace, job);
  return new CliError({
    got: `job ${job} could not start within ${START_TIMEOUT / 1000} s: ${reason}`,
    allowed: "all volumes of the stack on one node, or of a class that many nodes can mount",
    fix: "move the volumes, or look at why its pod waits",
  });
}

/** Runs a command in a pod, with this input, and returns what it printed. */
export type RunInside = (command: readonly string[], input?: Readable) => Promise<string>;

/**
 * Keeps a pod like that of a script for as long as it is used.
 * @throws CliError when it cannot start
 */
export async function usePod(
  { cluster, namespace, name, template, owner }: Omit<ScriptJob, "script" | "args">,
  use: (run: RunInside) => Promise<void>,
): Promise<void> {
  const body = jobOf({ namespace, name, template, owner }, ["sleep", USE_SECONDS]);
  const job = (await cluster.batch.createNamespacedJob({ namespace, body })).metadata?.name ?? name;
  const deadline = performance.now() + START_TIMEOUT;
  try {
    for (;;) {
      await sleep(POLL);
      const [pod] = await jobPods(cluster, namespace, job);
      if (pod?.status?.phase === "Running") {
        const [at, container] = [pod.metadata?.name ?? "", pod.spec?.containers[0]?.name ?? ""];
        await use((command, input) => execInPod(cluster, namespace, at, container, command, input));
        return;
      }
      if (performance.now() > deadline) throw await notStarted(cluster, namespace, job, pod);
    }
  } finally {
    // It is gone already where it did not start.
    await remove(cluster, namespace, job).catch(() => undefined);
  }
}

function scriptJob({ script, args, ...job }: ScriptJob): Plain<V1Job> {
  return jobOf(job, scriptCommand(script, args));
}

function jobOf(
  { namespace, name, template, owner }: Omit<ScriptJob, "script" | "args" | "cluster">,
  command: string[],
): Plain<V1Job> {
  const [container, ...others] = template.spec?.containers ?? [];
  if (template.spec === undefined || container === undefined)
    throw new Error(`the template of ${name} has no container`);
  return {
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: { ...template.metadata?.labels },
      ownerReferences: [owner],
    },
    spec: {
      backoffLimit: 0,
      ttlSecondsAfterFinished: KEPT,
      template: {
        ...template,
        spec: { ...template.spec, containers: [{ ...container, command }, ...others] },
      },
    },
  };
}

/** What the script itself gives as the reason, or whatever came last. */
function lastWords(progress: readonly string[]): string | undefined {
  return progress.findLast((line) => line.startsWith("failed: ")) ?? progress.at(-1);
}

/** Ends the Jobs whose command line is gone, and waits until none of their pods is left. */
export async function endScripts(cluster: Cluster, namespace: string, prefix: string): Promise<void> {
  const { items } = await cluster.batch.listNamespacedJob({ namespace });
  for (const { metadata, status } of items) {
    const name = metadata?.name ?? "";
    if (!name.startsWith(prefix) || status?.active === undefined) continue;
    await remove(cluster, namespace, name);
    while ((await jobPods(cluster, namespace, name)).length > 0) await sleep(POLL);
  }
}

async function remove(cluster: Cluster, namespace: string, name: string): Promise<void> {
  await cluster.batch.deleteNamespacedJob({ namespace, name, propagationPolicy: "Background" });
}

async function hasFailed(cluster: Cluster, namespace: string, name: string): Promise<boolean> {
  const { status } = await cluster.batch.readNamespacedJob({ namespace, name });
  return status?.conditions?.some(({ type, status: held }) => type === "Failed" && held === "True") === true;
}

/** The scheduler's or the kubelet's own words, the last of them. */
async function whyNotStarted(cluster: Cluster, namespace: string, pod: V1Pod | undefined): Promise<string> {
  if (pod === undefined) return "its pod was refused";
  const { items } = await cluster.core.listNamespacedEvent({
    namespace,
    fieldSelector: `involvedObject.name=${pod.metadata?.name ?? ""},type=Warning`,
  });
  return podReason(pod) ?? items.at(-1)?.message ?? "its volumes or its image are not there yet";
}
