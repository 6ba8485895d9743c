import { setTimeout as sleep } from "node:timers/promises";
import {
  PatchStrategy,
  setHeaderOptions,
  type V1CronJob,
  type V1Deployment,
  type V1ObjectMeta,
  type V1StatefulSet,
} from "@kubernetes/client-node";
import { CliError } from "../../kit/exit.ts";
import type { Cluster } from "../../runtime/kubernetes/client.ts";
import { podsOf } from "../../runtime/kubernetes/observe.ts";

/** Longer than any service takes to stop, in milliseconds. */
const STOP_TIMEOUT = 180_000;

/** Who the API server notes as the owner of what is written here. */
const MANAGER = "apprun-restore";

/** How often that is tried again while others write to the same object. */
const TRIES = 20;

/** What starts pods, as the inventory names it: `deployment/NAME`. A CronJob has one replica, or none while it is suspended. */
export interface Controller {
  readonly kind: (typeof KINDS)[number];
  readonly name: string;
}

const KINDS = ["deployment", "statefulset", "cronjob"] as const;

export function controllerOf(instance: string): Controller {
  const [given = "", name = ""] = instance.split("/");
  const kind = KINDS.find((each) => each === given);
  if (kind === undefined) throw new Error(`${instance} cannot be scaled`);
  return { kind, name };
}

/** How many replicas a controller is told to have now. */
export async function replicasOf(cluster: Cluster, namespace: string, controller: Controller): Promise<number> {
  const { spec } = await read(cluster, namespace, controller);
  if (spec !== undefined && "schedule" in spec) return spec.suspend === true ? 0 : 1;
  return spec?.replicas ?? 1;
}

/** Tells a controller how many replicas to have, and keeps no claim to that field: the engine's next update may set it again. */
export async function scale(
  cluster: Cluster,
  namespace: string,
  controller: Controller,
  replicas: number,
): Promise<void> {
  const spec = controller.kind === "cronjob" ? { suspend: replicas === 0 } : { replicas };
  let written = await patch(cluster, namespace, controller, { spec }, PatchStrategy.MergePatch);
  for (let left = TRIES; ; left -= 1) {
    const mine = written?.managedFields?.findIndex(({ manager }) => manager === MANAGER) ?? -1;
    if (mine === -1) return;
    const entry = `/metadata/managedFields/${mine}`;
    const forget = [
      { op: "test", path: `${entry}/manager`, value: MANAGER },
      { op: "remove", path: entry },
    ];
    try {
      await patch(cluster, namespace, controller, forget, PatchStrategy.JsonPatch);
    } catch (error) {
      // The entries moved: the cluster's own controllers write to the object at the same time.
      if (left === 0 || (error as { code?: number }).code !== 422) throw error;
    }
    written = (await read(cluster, namespace, controller)).metadata;
  }
}

function read(
  { apps, batch }: Cluster,
  namespace: string,
  { kind, name }: Controller,
): Promise<V1Deployment | V1StatefulSet | V1CronJob> {
  switch (kind) {
    case "deployment":
      return apps.readNamespacedDeployment({ namespace, name });
    case "statefulset":
      return apps.readNamespacedStatefulSet({ namespace, name });
    case "cronjob":
      return batch.readNamespacedCronJob({ namespace, name });
  }
}

async function patch(
  { apps, batch }: Cluster,
  namespace: string,
  { kind, name }: Controller,
  body: object,
  strategy: (typeof PatchStrategy)[keyof typeof PatchStrategy],
): Promise<V1ObjectMeta | undefined> {
  const request = { namespace, name, body, fieldManager: MANAGER };
  const options = setHeaderOptions("Content-Type", strategy);
  switch (kind) {
    case "deployment":
      return (await apps.patchNamespacedDeployment(request, options)).metadata;
    case "statefulset":
      return (await apps.patchNamespacedStatefulSet(request, options)).metadata;
    case "cronjob":
      return (await batch.patchNamespacedCronJob(request, options)).metadata;
  }
}

/** Waits until a controller that was scaled to nothing has no pod left, not even one that is ending. */
export async function untilGone(cluster: Cluster, namespace: string, controller: Controller): Promise<void> {
  const deadline = performance.now() + STOP_TIMEOUT;
  while ((await left(cluster, namespace, controller)) > 0) {
    if (performance.now() > deadline)
      throw new CliError({
        happened: `the pods of ${controller.name} did not stop within ${STOP_TIMEOUT / 1000} s; nothing was swapped`,
        fix: "look at them, then try again",
      });
    await sleep(1000);
  }
}

/** Pods of a controller; runs that ended keep theirs, with their logs. */
async function left(cluster: Cluster, namespace: string, { kind, name }: Controller): Promise<number> {
  if (kind !== "cronjob") return (await podsOf(cluster, namespace, name)).length;
  return (await cluster.batch.readNamespacedCronJob({ namespace, name })).status?.active?.length ?? 0;
}
