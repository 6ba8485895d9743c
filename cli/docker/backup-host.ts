import type Docker from "dockerode";
import { BACKUP_SCRIPTS } from "../../components/services/backup-files.js";
import { physicalName } from "../../components/model/identity.js";
import type { InventoryWorkload } from "../../components/model/inventory.js";
import type { BackupHost, RestoreHost, RestoreHostOptions } from "../backup/host.js";
import { CliError } from "../exit.js";
import { note } from "../output.js";
import type { Project } from "../project.js";
import { exec } from "./exec.js";
import { openRestoreContainer } from "./restore-container.js";

/** Runs the scripts in the container that waits for the schedule: it has the tools, the secrets and the volumes. */
export class DockerBackupHost implements BackupHost {
  readonly #docker: Docker;
  readonly #project: Project;
  readonly #schedule: string;

  constructor(docker: Docker, project: Project) {
    this.#docker = docker;
    this.#project = project;
    this.#schedule = physicalName(project.settings.identity, "backup");
  }

  async run(script: string, args: readonly string[] = []): Promise<string> {
    await this.#requireSchedule();
    return exec(this.#docker, this.#schedule, ["bash", `${BACKUP_SCRIPTS}/${script}`, ...args]);
  }

  async openRestore(options: RestoreHostOptions): Promise<RestoreHost> {
    await this.#requireSchedule();
    return openRestoreContainer(this.#docker, this.#schedule, physicalName(this.#project.settings.identity, "restore"), options);
  }

  async stopConsumers(): Promise<() => Promise<void>> {
    const instances = this.#consumers().flatMap(({ instances: names }) => names);
    note(`stopping ${instances.length} containers that use the data`);
    await Promise.all(instances.map((instance) => this.#docker.getContainer(instance).stop().catch(unlessStopped)));
    return async () => {
      for (const instance of instances) await this.#docker.getContainer(instance).start().catch(unlessStopped);
    };
  }

  async runDatabaseJobs(): Promise<void> {
    const stopped = this.#consumers().map(({ name }) => name);
    for (const { name, instances } of databaseJobs(this.#project.recording.result.inventory.workloads, stopped))
      for (const instance of instances) {
        note(`running job ${name} again`);
        const container = this.#docker.getContainer(instance);
        await container.start();
        const { StatusCode } = (await container.wait()) as { StatusCode: number };
        if (StatusCode !== 0) throw new CliError(`job ${name} ended with exit code ${StatusCode}; look at: docker logs ${instance}`);
      }
  }

  /** What uses the data, and is stopped while it is swapped. */
  #consumers(): readonly InventoryWorkload[] {
    return this.#project.recording.result.inventory.workloads.filter(({ kind, tier }) => kind === "workload" && tier === "app");
  }

  async #requireSchedule(): Promise<void> {
    const running = await this.#docker
      .getContainer(this.#schedule)
      .inspect()
      .then(
        ({ State }) => State.Running,
        () => false,
      );
    if (!running) throw new CliError(`container ${this.#schedule} does not run; allowed: a stack that is up, with apprun:backup.enabled; run: npm run up`);
  }
}

/**
 * Jobs that make roles and bring schemas up: they wait for one another. One
 * that asks a stopped service would wait for it in vain; what it made there is
 * in that service's database, which the set has.
 */
export function databaseJobs(
  workloads: readonly Pick<InventoryWorkload, "name" | "kind" | "startsAfter" | "instances">[],
  stopped: readonly string[],
): readonly Pick<InventoryWorkload, "name" | "instances">[] {
  const jobs = workloads.filter(({ kind }) => kind === "job");
  const jobsBefore = ({ startsAfter }: Pick<InventoryWorkload, "startsAfter">) => startsAfter.filter(({ kind }) => kind === "job").map(({ name }) => name);
  return jobs
    .filter((job) => jobsBefore(job).length > 0 || jobs.some((other) => jobsBefore(other).includes(job.name)))
    .filter(({ startsAfter }) => !startsAfter.some(({ name }) => stopped.includes(name)));
}

/** What is stopped already is not an error, nor what runs already. */
function unlessStopped(error: unknown): void {
  if ((error as { statusCode?: number }).statusCode !== 304) throw error;
}
