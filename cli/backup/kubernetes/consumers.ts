import type { InventoryWorkload } from "../../../components/model/inventory.ts";
import { reasonOf } from "../../kit/exit.ts";
import { note } from "../../kit/output.ts";
import { allOf } from "../../kit/settled.ts";
import { found, type Cluster } from "../../runtime/kubernetes/client.ts";
import { controllerOf, replicasOf, scale, untilGone, type Controller } from "./scale.ts";

interface Scaled {
  readonly controller: Controller;
  /** Pods that it was told to have until now. */
  readonly had: number;
  /** Pods that it is told to have again. */
  readonly replicas: number;
}

/**
 * Scales controllers to nothing, waits until their pods are gone and returns
 * what scales all of them back. One that is missing counts as stopped.
 * @throws when one does not stop; what ran until now runs again then
 */
export async function stopControllers(
  cluster: Cluster,
  namespace: string,
  workloads: readonly Pick<InventoryWorkload, "instances" | "replicas">[],
): Promise<() => Promise<void>> {
  const all = workloads.flatMap(({ instances, replicas }) =>
    instances.map((instance) => ({ controller: controllerOf(instance), replicas })),
  );
  const asked = await Promise.all(
    all.map(async (one) => ({ ...one, had: await found(replicasOf(cluster, namespace, one.controller)) })),
  );
  // Nothing runs where an earlier restore was killed: the model knows how many there were.
  const there = asked.flatMap(({ had, replicas, controller }): Scaled[] =>
    had === undefined ? [] : [{ controller, had, replicas: had || replicas }],
  );
  const start = async (scaled: readonly Scaled[]) => {
    await allOf(scaled.map(({ controller, replicas }) => scale(cluster, namespace, controller, replicas)));
  };
  try {
    await allOf(there.map(({ controller }) => scale(cluster, namespace, controller, 0)));
    await allOf(there.map(({ controller }) => untilGone(cluster, namespace, controller)));
  } catch (error) {
    // Others were down before: on data that is half swapped they must stay so.
    await start(there.filter(({ had }) => had > 0)).catch((problem: unknown) => {
      note(reasonOf(problem));
    });
    throw error;
  }
  return () => start(there);
}
