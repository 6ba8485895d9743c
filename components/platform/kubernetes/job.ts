import type { types } from "@pulumi/kubernetes";
import { seconds } from "../../model/units.ts";
import { JOB_TIMEOUT, type JobSpec } from "../../model/workload.ts";
import type { KubernetesContext } from "./context.ts";
import { objectMetadata } from "./labels.ts";
import { networkWait } from "./network-wait.ts";
import { podTemplate, type PodSources } from "./pod.ts";

/** Tries after the first: a new pod's network and name resolution may lag behind its start. */
const RETRIES = 3;

/** Seconds in which a job must end, all tries together. */
export function jobSeconds({ timeout = JOB_TIMEOUT }: JobSpec): number {
  return seconds(timeout);
}

/** A task that runs to its end, one pod at a time. */
export function job(
  context: KubernetesContext,
  name: string,
  spec: JobSpec,
  sources: PodSources,
): types.input.batch.v1.Job {
  return {
    metadata: objectMetadata(context, name, "job"),
    spec: {
      completions: 1,
      parallelism: 1,
      backoffLimit: RETRIES,
      // The default starts the next pod while the last one still ends: two migrations would run at once.
      podReplacementPolicy: "Failed",
      activeDeadlineSeconds: jobSeconds(spec),
      // Failed pods stay, and with them their logs.
      template: podTemplate(context, name, spec, sources, {
        component: "job",
        container: {},
        pod: { restartPolicy: "Never", ...networkWait(spec) },
      }),
    },
  };
}
