import type { InventoryWorkload } from "../../../components/model/inventory.ts";
import { CliError, reasonOf } from "../../kit/exit.ts";
import type { ExecRequest, LogLine, LogRequest, Operations, Replica, RestartOptions, Usage } from "../operations.ts";
import type { Cluster } from "./client.ts";
import { interactiveExec } from "./interactive-exec.ts";
import { readLog } from "./read-log.ts";
import { replicasOf } from "./replicas.ts";
import { restartController } from "./restart.ts";
import { used } from "./usage.ts";

/** What operators do with the pods of one stack's namespace. */
export class KubernetesOperations implements Operations {
  readonly #cluster: Cluster;
  readonly #namespace: string;

  constructor(cluster: Cluster, namespace: string) {
    this.#cluster = cluster;
    this.#namespace = namespace;
  }

  replicas({ name }: InventoryWorkload): Promise<readonly Replica[]> {
    return replicasOf(this.#cluster, this.#namespace, name);
  }

  readLog(replica: Replica, request: LogRequest, take: (line: LogLine) => void): Promise<void> {
    return readLog(this.#cluster, this.#namespace, replica, request, take);
  }

  exec(replica: Replica, request: ExecRequest): Promise<number> {
    return interactiveExec(this.#cluster, this.#namespace, replica, request);
  }

  restart(workload: InventoryWorkload, options: RestartOptions): Promise<void> {
    return restartController(this.#cluster, this.#namespace, workload, options);
  }

  async usage(workloads: readonly InventoryWorkload[]): Promise<readonly Usage[]> {
    const metrics = await this.#podMetrics();
    const replicas = (await Promise.all(workloads.map((workload) => this.replicas(workload)))).flat();
    return replicas.flatMap(({ service, name }) => {
      const metric = metrics.get(name);
      return metric === undefined ? [] : [{ service, replica: name, ...used(metric) }];
    });
  }

  async #podMetrics() {
    try {
      const { items } = await this.#cluster.metrics.getPodMetrics(this.#namespace);
      return new Map(items.map((item) => [item.metadata.name, item]));
    } catch (error) {
      throw new CliError(
        {
          happened: `the cluster at ${this.#cluster.server} says nothing of what its pods use (${reasonOf(error).split("\n")[0] ?? ""})`,
          fix: "install metrics-server there; k3s has it",
        },
        undefined,
        { cause: error },
      );
    }
  }
}
