import type { types } from "@pulumi/kubernetes";
import { cronFields } from "../../model/cron.ts";
import type { ScheduleSpec } from "../../model/workload.ts";
import type { KubernetesContext } from "./context.ts";
import { objectLabels } from "./labels.ts";
import { networkWait } from "./network-wait.ts";
import { podTemplate, type PodSources } from "./pod.ts";

/** Ended runs that are kept, and with them their logs. */
const KEPT = 3;

/** Seconds after which a run that could not start on time is given up, as on a Docker host. */
const LATEST_SECONDS = 86_400;

/** The CronJob's name of one run of a schedule. */
export function cronJobName(schedule: string, run: string): string {
  return `${schedule}-${run}`;
}

/**
 * One run of a schedule. Two of the same run never overlap.
 * @throws ModelError for a bad cron expression
 */
export function cronJob(
  context: KubernetesContext,
  name: string,
  run: string,
  spec: ScheduleSpec,
  sources: PodSources,
): types.input.batch.v1.CronJob {
  const { cron, command } = spec.runs[run] ?? { cron: "", command: [] };
  cronFields(cron);
  const labels = objectLabels(context.identity, name, "schedule");
  return {
    metadata: { name: cronJobName(name, run), namespace: context.namespace, labels },
    spec: {
      schedule: cron,
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: LATEST_SECONDS,
      successfulJobsHistoryLimit: KEPT,
      failedJobsHistoryLimit: KEPT,
      jobTemplate: {
        metadata: { labels },
        spec: {
          // A task says itself whether it may be tried again; its next time is soon enough.
          backoffLimit: 0,
          template: podTemplate(context, name, { ...spec, entrypoint: command }, sources, {
            component: "schedule",
            container: {},
            pod: { restartPolicy: "Never", ...networkWait(spec) },
          }),
        },
      },
    },
  };
}
