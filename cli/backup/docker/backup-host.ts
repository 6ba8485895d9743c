import type Docker from "dockerode";
import { backup } from "../../../components/services/backup/index.ts";
import { BACKUP_SCRIPTS } from "../../../components/services/backup/files.ts";
import { physicalName } from "../../../components/model/identity.ts";
import { JOB_TIMEOUT } from "../../../components/model/workload.ts";
import { consumers, databaseJobs, restoreKeeps } from "../database-jobs.ts";
import type { BackupHost, RestoreHost, RestoreHostOptions, RestoreMarks } from "../host.ts";
import { CliError } from "../../kit/exit.ts";
import { note } from "../../kit/output.ts";
import type { Project } from "../../kit/project.ts";
import { exec } from "../../runtime/docker/exec.ts";
import { startContainers, stopContainers } from "./consumers.ts";
import { runJob } from "./run-job.ts";
import { volumeMarks } from "./marks.ts";
import { openRestoreContainer } from "./restore-container.ts";

/** Runs the scripts in the container that waits for the schedule: it has the tools, the secrets and the volumes. */
export class DockerBackupHost implements BackupHost {
  readonly #docker: Docker;
  readonly #project: Project;
  readonly #schedule: string;
  readonly marks: RestoreMarks;

  constructor(docker: Docker, project: Project) {
    this.#docker = docker;
    this.#project = project;
    this.#schedule = physicalName(project.settings.identity, backup.name);
    this.marks = volumeMarks(docker, this.#schedule);
  }

  async run(script: string, args: readonly string[] = []): Promise<string> {
    await this.#requireSchedule();
    return exec(this.#docker, this.#schedule, ["bash", `${BACKUP_SCRIPTS}/${script}`, ...args]);
  }

  async openRestore(options: RestoreHostOptions): Promise<RestoreHost> {
    // An engine that died leaves them stopped, and until a restore is settled no update may start them.
    const kept = restoreKeeps(this.#project.recording.result.inventory);
    await startContainers(
      this.#docker,
      kept.flatMap(({ instances }) => instances),
    );
    await this.#requireSchedule();
    return openRestoreContainer(
      this.#docker,
      this.#schedule,
      physicalName(this.#project.settings.identity, "restore"),
      options,
    );
  }

  async stopConsumers(): Promise<() => Promise<void>> {
    const instances = consumers(this.#project.recording.result.inventory).flatMap(({ instances: names }) => names);
    note(`stopping ${instances.length} containers that use the data`);
    return stopContainers(this.#docker, instances);
  }

  async runDatabaseJobs(): Promise<void> {
    const stopped = consumers(this.#project.recording.result.inventory).map(({ name }) => name);
    const jobs = databaseJobs(this.#project.recording.result.inventory.workloads, stopped);
    for (const { name, instances, timeout = JOB_TIMEOUT } of jobs)
      for (const instance of instances) {
        note(`running job ${name} again`);
        await runJob(this.#docker, instance, timeout);
      }
  }

  async #requireSchedule(): Promise<void> {
    const running = await this.#docker
      .getContainer(this.#schedule)
      .inspect()
      .then(
        ({ State }) => State.Running,
        () => false,
      );
    if (!running)
      throw new CliError({
        got: `container ${this.#schedule} does not run`,
        allowed: "a stack that is up, with apprun:backup.enabled",
        fix: "run: npm run up",
      });
  }
}
