import { setTimeout as sleep } from "node:timers/promises";
import { PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import type { Inventory, InventoryWorkload } from "../../../components/model/inventory.ts";
import { CliError, EXIT } from "../../kit/exit.ts";
import type { RestartOptions } from "../operations.ts";
import type { Cluster } from "./client.ts";
import { observe } from "./observe.ts";

const PAUSE = 1000;
/** The annotation that `kubectl rollout restart` and CloudNativePG's own tool write: everybody knows what it means. */
const RESTARTED = "kubectl.kubernetes.io/restartedAt";

/** Rolls new pods of the same revision out, as the workload's own strategy says, and waits until all are ready. */
export async function restartController(
  cluster: Cluster,
  namespace: string,
  workload: InventoryWorkload,
  { timeoutMs, report }: RestartOptions,
): Promise<void> {
  const [instance = ""] = workload.instances;
  report(`restarting ${instance}`);
  await annotate(cluster, namespace, instance, { [RESTARTED]: new Date().toISOString() });
  const end = Date.now() + timeoutMs;
  const inventory: Inventory = { workloads: [workload], volumes: [] };
  for (;;) {
    // First, because the controllers need a moment to see the change.
    await sleep(PAUSE);
    const [{ state } = { state: "missing" }] = await observe(cluster, namespace, inventory);
    if (state === "healthy") return;
    if (Date.now() >= end)
      throw new CliError({
        happened: `${instance} is ${state} after its restart`,
        fix: "see why with: npm run logs",
      });
  }
}

async function annotate(
  cluster: Cluster,
  namespace: string,
  instance: string,
  annotations: Record<string, string>,
): Promise<void> {
  const [kind = "", name = ""] = instance.split("/");
  const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
  const body = { spec: { template: { metadata: { annotations } } } };
  switch (kind) {
    case "deployment":
      await cluster.apps.patchNamespacedDeployment({ namespace, name, body }, merge);
      return;
    case "statefulset":
      await cluster.apps.patchNamespacedStatefulSet({ namespace, name, body }, merge);
      return;
    default:
      throw new CliError(
        {
          got: `restart: got ${instance}`,
          allowed: "a Deployment or a StatefulSet",
          fix: "an operator restarts what it made: see its documentation",
        },
        EXIT.usage,
      );
  }
}
