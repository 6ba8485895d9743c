import type { V1Pod } from "@kubernetes/client-node";
import type { Replica } from "../operations.ts";
import type { Cluster } from "./client.ts";
import { podsOf } from "./observe.ts";

/** The pods of a service by name; those that are on their way out come too while they are there. */
export async function replicasOf(cluster: Cluster, namespace: string, service: string): Promise<readonly Replica[]> {
  const pods = await podsOf(cluster, namespace, service);
  return pods
    .map((pod) => ({
      service,
      name: pod.metadata?.name ?? "",
      start: `${pod.metadata?.uid ?? ""} ${statusOf(pod, service)?.restartCount ?? 0}`,
      running: statusOf(pod, service)?.state?.running !== undefined && pod.metadata?.deletionTimestamp === undefined,
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** The container of a pod that is the service itself: the one of its name, which is the only one except for what an operator adds. */
export function containerOf({ spec }: V1Pod, service: string): string {
  const names = spec?.containers.map(({ name }) => name) ?? [];
  return names.includes(service) ? service : (names[0] ?? service);
}

function statusOf(pod: V1Pod, service: string) {
  const container = containerOf(pod, service);
  return pod.status?.containerStatuses?.find(({ name }) => name === container);
}
