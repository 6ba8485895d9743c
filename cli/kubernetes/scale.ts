import { setTimeout as sleep } from "node:timers/promises";
import { PatchStrategy, setHeaderOptions, type V1ObjectMeta } from "@kubernetes/client-node";
import { CliError } from "../exit.js";
import type { Cluster } from "./client.js";
import { podsOf } from "./observe.js";

/** Longer than any service takes to stop, in milliseconds. */
const STOP_TIMEOUT = 180_000;

/** Who the API server notes as the owner of what is written here. */
const MANAGER = "apprun-restore";

/** A Deployment or StatefulSet, as the inventory names it: `deployment/NAME`. */
export interface Controller {
  readonly kind: "deployment" | "statefulset";
  readonly name: string;
}

export function controllerOf(instance: string): Controller {
  const [kind = "", name = ""] = instance.split("/");
  if (kind !== "deployment" && kind !== "statefulset") throw new Error(`${instance} cannot be scaled`);
  return { kind, name };
}

/** How many replicas a controller is told to have now. */
export async function replicasOf({ apps }: Cluster, namespace: string, { kind, name }: Controller): Promise<number> {
  const { spec } = kind === "deployment" ? await apps.readNamespacedDeployment({ namespace, name }) : await apps.readNamespacedStatefulSet({ namespace, name });
  return spec?.replicas ?? 1;
}

/** Tells a controller how many replicas to have, and keeps no claim to that field: the engine's next update may set it again. */
export async function scale(cluster: Cluster, namespace: string, controller: Controller, replicas: number): Promise<void> {
  const { managedFields = [] } = (await patch(cluster, namespace, controller, { spec: { replicas } }, PatchStrategy.MergePatch)) ?? {};
  const mine = managedFields.findIndex(({ manager }) => manager === MANAGER);
  if (mine === -1) return;
  const entry = `/metadata/managedFields/${mine}`;
  const forget = [
    { op: "test", path: `${entry}/manager`, value: MANAGER },
    { op: "remove", path: entry },
  ];
  await patch(cluster, namespace, controller, forget, PatchStrategy.JsonPatch);
}

async function patch(
  { apps }: Cluster,
  namespace: string,
  { kind, name }: Controller,
  body: object,
  strategy: (typeof PatchStrategy)[keyof typeof PatchStrategy],
): Promise<V1ObjectMeta | undefined> {
  const request = { namespace, name, body, fieldManager: MANAGER };
  const options = setHeaderOptions("Content-Type", strategy);
  const { metadata } = kind === "deployment" ? await apps.patchNamespacedDeployment(request, options) : await apps.patchNamespacedStatefulSet(request, options);
  return metadata;
}

/** Waits until a controller that was scaled to nothing has no pod left, not even one that is ending. */
export async function untilGone(cluster: Cluster, namespace: string, { name }: Controller): Promise<void> {
  const deadline = performance.now() + STOP_TIMEOUT;
  while ((await podsOf(cluster, namespace, name)).length > 0) {
    if (performance.now() > deadline) throw new CliError(`the pods of ${name} did not stop within ${STOP_TIMEOUT / 1000} s; nothing was swapped`);
    await sleep(1000);
  }
}
