import { setTimeout as sleep } from "node:timers/promises";
import type { V1Job } from "@kubernetes/client-node";
import { namespaceOf } from "../../../components/platform/kubernetes/context.ts";
import { cronJobName } from "../../../components/platform/kubernetes/schedule.ts";
import { backup } from "../../../components/services/backup/index.ts";
import { consumers, databaseJobs } from "../database-jobs.ts";
import type { BackupHost, RestoreHost, RestoreHostOptions, RestoreMarks } from "../host.ts";
import { CliError } from "../../kit/exit.ts";
import { note } from "../../kit/output.ts";
import type { Project } from "../../kit/project.ts";
import { found, type Cluster } from "../../runtime/kubernetes/client.ts";
import type { Plain } from "../../runtime/kubernetes/plain.ts";
import { stopControllers } from "./consumers.ts";
import { configMapMarks } from "./marks.ts";
import { openRestoreJobs } from "./restore-host.ts";
import type { PodTemplate } from "./restore-pods.ts";
import { runScript, type ScriptOwner } from "./script-job.ts";

/** Labels that the API server gives the pods of one Job. */
const JOB_LABELS = /(^|\/)(controller-uid|job-name)$/;

/** Runs the scripts in Jobs like those of the schedule. */
export class KubernetesBackupHost implements BackupHost {
  readonly #cluster: Cluster;
  readonly #project: Project;
  readonly #namespace: string;
  readonly marks: RestoreMarks;

  constructor(cluster: Cluster, project: Project) {
    this.#cluster = cluster;
    this.#project = project;
    this.#namespace = namespaceOf(project.settings.identity);
    this.marks = configMapMarks(cluster, this.#namespace);
  }

  async run(script: string, args: readonly string[] = []): Promise<string> {
    const { template, owner } = await this.#schedule();
    return runScript({
      cluster: this.#cluster,
      namespace: this.#namespace,
      name: `backup-${script.replace(".sh", "")}-now`,
      template,
      owner,
      script,
      args,
    });
  }

  async openRestore(options: RestoreHostOptions): Promise<RestoreHost> {
    return openRestoreJobs({
      cluster: this.#cluster,
      namespace: this.#namespace,
      ...options,
      ...(await this.#schedule()),
    });
  }

  async stopConsumers(): Promise<() => Promise<void>> {
    const workloads = consumers(this.#project.recording.result.inventory);
    note(`stopping the pods of ${workloads.length} services that use the data`);
    return stopControllers(this.#cluster, this.#namespace, workloads);
  }

  async runDatabaseJobs(): Promise<void> {
    const { inventory } = this.#project.recording.result;
    const stopped = consumers(inventory).map(({ name }) => name);
    for (const { name } of databaseJobs(inventory.workloads, stopped)) {
      note(`running job ${name} again`);
      await this.#runAgain(await this.#cluster.batch.readNamespacedJob({ namespace: this.#namespace, name }));
    }
  }

  /** A Job runs once; so a copy of it runs, and goes when it is done. */
  async #runAgain({ metadata, spec }: Plain<V1Job>): Promise<void> {
    const namespace = this.#namespace;
    if (spec === undefined) return;
    const { selector: _selector, manualSelector: _manual, template, ...rest } = spec;
    const labels = Object.fromEntries(
      Object.entries(template.metadata?.labels ?? {}).filter(([key]) => !JOB_LABELS.test(key)),
    );
    const body: Plain<V1Job> = {
      metadata: { generateName: `${metadata?.name ?? ""}-again-`, namespace },
      spec: { ...rest, template: { ...template, metadata: { labels } } },
    };
    const name = (await this.#cluster.batch.createNamespacedJob({ namespace, body })).metadata?.name ?? "";
    for (;;) {
      await sleep(500);
      const conditions = (await this.#cluster.batch.readNamespacedJob({ namespace, name })).status?.conditions ?? [];
      const holds = (wanted: string) => conditions.some(({ type, status }) => type === wanted && status === "True");
      if (holds("Failed"))
        throw new CliError({
          happened: `job ${name} failed`,
          fix: `look at: kubectl --namespace ${namespace} logs job/${name}`,
        });
      if (holds("Complete")) break;
    }
    await this.#cluster.batch.deleteNamespacedJob({ namespace, name, propagationPolicy: "Background" });
  }

  async #schedule(): Promise<{ readonly template: PodTemplate; readonly owner: ScriptOwner }> {
    const name = cronJobName(backup.name, "backup");
    const cronJob = await found(this.#cluster.batch.readNamespacedCronJob({ namespace: this.#namespace, name }));
    const template = cronJob?.spec.jobTemplate.spec?.template;
    if (cronJob === undefined || template === undefined)
      throw new CliError({
        got: `CronJob ${this.#namespace}/${name} is not there`,
        allowed: "a stack that is up, with apprun:backup.enabled",
        fix: "run: npm run up",
      });
    return { template, owner: { apiVersion: "batch/v1", kind: "CronJob", name, uid: cronJob.metadata?.uid ?? "" } };
  }
}
