import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import type { InventoryWorkload } from "../../../components/model/inventory.ts";
import type { Symptom } from "../watch.ts";
import type { Cluster } from "./client.ts";
import { isReady, podsOf } from "./observe.ts";
import type { Plain } from "./plain.ts";

/** Time for a failure that may be over with the next try: less than the ten seconds that it may stay unseen. */
const SECOND_CHANCE = 7000;
/** Ends that leave no hope. */
const HOPELESS = 3;
/** Reasons for which no container comes, in Kubernetes' own words, and what they mean. */
const REASONS: Readonly<Record<string, string>> = {
  ErrImagePull: "cannot pull its image",
  ImagePullBackOff: "cannot pull its image",
  InvalidImageName: "cannot pull its image",
  CreateContainerConfigError: "cannot be made",
  CreateContainerError: "cannot be made",
  RunContainerError: "cannot be started",
};

/** What speaks against the start of the newest pods of these controllers. */
export async function symptoms(
  cluster: Cluster,
  namespace: string,
  workloads: readonly InventoryWorkload[],
  starting: readonly string[],
): Promise<readonly Symptom[]> {
  const looked = workloads
    .filter(({ kind }) => kind !== "schedule")
    .flatMap(({ name, instances }) =>
      instances
        .filter((instance) => starting.includes(instance))
        .map(async (instance) => symptomOf(instance, newest(await podsOf(cluster, namespace, name)))),
    );
  return (await Promise.all(looked)).filter((symptom) => symptom !== undefined);
}

/** The pods of the newest revision: those of the one before run on until it is ready. */
export function newest<T extends { readonly metadata?: Plain<V1Pod>["metadata"] }>(pods: readonly T[]): readonly T[] {
  const revision = ({ metadata }: T) =>
    metadata?.labels?.["pod-template-hash"] ?? metadata?.labels?.["controller-revision-hash"];
  const [first] = pods;
  return first === undefined ? [] : pods.filter((pod) => revision(pod) === revision(first));
}

/** What speaks against the start of one controller. */
export function symptomOf(instance: string, pods: readonly Plain<V1Pod>[]): Symptom | undefined {
  const statuses = pods
    .filter((pod) => !isReady(pod))
    .flatMap(({ status }) => [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]);
  const whats = statuses.map(speaksAgainst).filter((one) => one !== undefined);
  const [first] = whats.sort((a, b) => a.graceMs - b.graceMs);
  return first && { instance, ...first };
}

function speaksAgainst({
  state,
  lastState,
  restartCount,
}: Plain<V1ContainerStatus>): Omit<Symptom, "instance"> | undefined {
  const reason = state?.waiting?.reason ?? "";
  const meaning = REASONS[reason];
  if (meaning !== undefined)
    return {
      what: `${meaning}: ${state?.waiting?.message ?? reason}`,
      graceMs: reason === "InvalidImageName" ? 0 : SECOND_CHANCE,
    };
  // Of a Job's pod an end is its own business: it has a limit of tries.
  if (restartCount === 0) return undefined;
  const { exitCode, reason: why } = lastState?.terminated ?? {};
  const ends = why === "OOMKilled" ? "needs more memory than its limit" : "ends";
  return {
    what: `${ends} (exit code ${exitCode ?? "unknown"}) again and again`,
    graceMs: restartCount >= HOPELESS ? 0 : SECOND_CHANCE,
  };
}
