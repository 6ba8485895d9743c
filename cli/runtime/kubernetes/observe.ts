import type { V1Pod } from "@kubernetes/client-node";
import type { Inventory } from "../../../components/model/inventory.ts";
import type { InstanceState, Observation } from "../runtime.ts";
import { found, type Cluster } from "./client.ts";

/** Every controller that the model asks for, as the cluster reports it now. */
export async function observe(
  cluster: Cluster,
  namespace: string,
  inventory: Inventory,
): Promise<readonly Observation[]> {
  const wanted = inventory.workloads.flatMap(({ name, kind, instances }) =>
    instances.map((instance) => ({ service: name, kind, instance })),
  );
  return Promise.all(
    wanted.map(async (one) => ({ ...one, state: await stateOf(cluster, namespace, one.service, one.instance) })),
  );
}

async function stateOf(cluster: Cluster, namespace: string, service: string, instance: string): Promise<InstanceState> {
  const [kind = "", name = ""] = instance.split("/");
  const object = { namespace, name };
  switch (kind) {
    case "deployment":
      return rolloutState(cluster, namespace, service, await found(cluster.apps.readNamespacedDeployment(object)));
    case "statefulset":
      return rolloutState(cluster, namespace, service, await found(cluster.apps.readNamespacedStatefulSet(object)));
    case "job":
      return jobState(await found(cluster.batch.readNamespacedJob(object)));
    case "cronjob":
      return (await found(cluster.batch.readNamespacedCronJob(object))) === undefined ? "missing" : "healthy";
    default:
      return customState(cluster, namespace, kind, name);
  }
}

interface Rollout {
  readonly metadata?: { readonly generation?: number };
  readonly spec?: { readonly replicas?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
  };
}

/** Healthy is a rollout that is over: as many pods as wanted, all of the newest revision, all ready. */
async function rolloutState(
  cluster: Cluster,
  namespace: string,
  service: string,
  rollout: Rollout | undefined,
): Promise<InstanceState> {
  if (rollout === undefined) return "missing";
  const { metadata, spec, status = {} } = rollout;
  const wanted = spec?.replicas ?? 1;
  const seen = (status.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
  if (seen && [status.replicas, status.updatedReplicas, status.readyReplicas].every((count) => (count ?? 0) === wanted))
    return "healthy";
  const reasons = (await podsOf(cluster, namespace, service)).map(podReason);
  return reasons.find((reason) => reason !== undefined) ?? "starting";
}

function jobState(
  job:
    | { readonly status?: { readonly conditions?: readonly { type: string; status: string; reason?: string }[] } }
    | undefined,
): InstanceState {
  if (job === undefined) return "missing";
  const holds = (type: string) =>
    job.status?.conditions?.find((condition) => condition.type === type && condition.status === "True");
  if (holds("Complete") !== undefined) return "done";
  const failed = holds("Failed");
  return failed === undefined ? "running" : `failed (${failed.reason ?? "no reason"})`;
}

/** An object of an operator, by its condition `Ready`. */
async function customState(cluster: Cluster, namespace: string, kind: string, name: string): Promise<InstanceState> {
  const [singular = "", ...group] = kind.split(".");
  const object = (await found(
    cluster.custom.getNamespacedCustomObject({
      group: group.join("."),
      version: "v1",
      namespace,
      plural: `${singular}s`,
      name,
    }),
  )) as { status?: { phase?: string; conditions?: { type: string; status: string }[] } } | undefined;
  if (object === undefined) return "missing";
  const ready = object.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;
  return ready ? "healthy" : (object.status?.phase ?? "starting");
}

/** The pods of a workload or a job, the newest first. */
export function podsOf(cluster: Cluster, namespace: string, service: string): Promise<readonly V1Pod[]> {
  return podsWith(cluster, namespace, `app.kubernetes.io/name=${service}`);
}

/** The pods of one Job, the newest first. */
export function jobPods(cluster: Cluster, namespace: string, job: string): Promise<readonly V1Pod[]> {
  return podsWith(cluster, namespace, `batch.kubernetes.io/job-name=${job}`);
}

async function podsWith(cluster: Cluster, namespace: string, labelSelector: string): Promise<readonly V1Pod[]> {
  const { items } = await cluster.core.listNamespacedPod({ namespace, labelSelector });
  const created = ({ metadata }: V1Pod) => metadata?.creationTimestamp?.getTime() ?? 0;
  return items.sort((a, b) => created(b) - created(a));
}

/** Why a pod does not run, in Kubernetes' own word; nothing for one that runs or has only begun to. */
export function podReason({ status }: V1Pod): string | undefined {
  const waiting = status?.containerStatuses
    ?.map(({ state }) => state?.waiting?.reason)
    .find((reason) => reason !== undefined);
  if (waiting !== undefined && waiting !== "ContainerCreating" && waiting !== "PodInitializing") return waiting;
  const unscheduled = status?.conditions?.find(({ type, status: held }) => type === "PodScheduled" && held === "False");
  return unscheduled === undefined ? undefined : `unschedulable: ${unscheduled.message ?? "no reason"}`;
}

export function isReady({ status }: V1Pod): boolean {
  return status?.conditions?.some(({ type, status: held }) => type === "Ready" && held === "True") === true;
}
