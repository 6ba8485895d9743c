import type { V1Pod } from "@kubernetes/client-node";
import { found, type Cluster } from "./client.ts";
import { isReady, podsOf } from "./observe.ts";

/** The last lines of the newest pod that is not ready, from before its restart where it has just begun again. */
export async function lastLogLines(
  cluster: Cluster,
  namespace: string,
  instance: string,
  lines: number,
): Promise<readonly string[]> {
  const pods = await podsOf(cluster, namespace, instance.split("/")[1] ?? "");
  const pod = pods.find((candidate) => !isReady(candidate)) ?? pods[0];
  const name = pod?.metadata?.name;
  if (name === undefined) return [];
  const restarted = (pod?.status?.containerStatuses ?? []).some(
    ({ restartCount, state }) => restartCount > 0 && state?.running === undefined,
  );
  return (await logOf(cluster, { namespace, name, tailLines: lines, previous: restarted }))
    .split("\n")
    .filter((line) => line.trim() !== "");
}

/** The whole log of a pod so far. */
export function podLog(cluster: Cluster, namespace: string, { metadata }: V1Pod): Promise<string> {
  return logOf(cluster, { namespace, name: metadata?.name ?? "" });
}

/** What the client makes of the answer for a log that is still empty, which has no type. */
const EMPTY = "Cannot parse content. No Content-Type defined.";

/** A pod that never started has no log, and the API says so with an error. */
async function logOf(
  cluster: Cluster,
  request: { namespace: string; name: string; tailLines?: number; previous?: boolean },
): Promise<string> {
  try {
    return (await found(cluster.core.readNamespacedPodLog(request))) ?? "";
  } catch (error) {
    if ((error as { code?: number }).code === 400 || (error instanceof Error && error.message === EMPTY)) return "";
    throw error;
  }
}
