import type Docker from "dockerode";
import type { InventoryWorkload } from "../../../components/model/inventory.ts";
import type { ExecRequest, LogLine, LogRequest, Operations, Replica, RestartOptions, Usage } from "../operations.ts";
import { interactiveExec } from "./interactive-exec.ts";
import { readLog } from "./read-log.ts";
import { restartContainers } from "./restart.ts";
import { usageOf } from "./usage.ts";

/** What operators do with the containers of one Docker Engine. */
export class DockerOperations implements Operations {
  readonly #docker: Docker;

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  async replicas({ name: service, instances }: InventoryWorkload): Promise<readonly Replica[]> {
    const found = await Promise.all(
      instances.map(async (name) => {
        try {
          const { Id, State } = await this.#docker.getContainer(name).inspect();
          return [{ service, name, start: `${Id} ${State.StartedAt}`, running: State.Running }];
        } catch (error) {
          if ((error as { statusCode?: number }).statusCode === 404) return [];
          throw error;
        }
      }),
    );
    return found.flat();
  }

  readLog(replica: Replica, request: LogRequest, take: (line: LogLine) => void): Promise<void> {
    return readLog(this.#docker, replica, request, take);
  }

  exec(replica: Replica, request: ExecRequest): Promise<number> {
    return interactiveExec(this.#docker, replica, request);
  }

  restart({ instances }: InventoryWorkload, options: RestartOptions): Promise<void> {
    return restartContainers(this.#docker, instances, options);
  }

  async usage(workloads: readonly InventoryWorkload[]): Promise<readonly Usage[]> {
    const replicas = (await Promise.all(workloads.map((workload) => this.replicas(workload)))).flat();
    return Promise.all(
      replicas
        .filter(({ running }) => running)
        .map(async ({ service, name }) => ({ service, replica: name, ...(await usageOf(this.#docker, name)) })),
    );
  }
}
