import { found, permitted, type Cluster } from "../runtime/kubernetes/client.ts";
import { findings, type DoctorFinding } from "./finding.ts";

const { error } = findings("nodes");

/** Seconds between two signs of life of a node, with room for a slow one. */
const SILENCE = 60;
/** Seconds by which a node's clock may be ahead of this machine's. */
const CLOCK_SKEW = 10;

interface Node {
  readonly metadata?: { readonly name?: string };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

/** Conditions that are bad when they hold; `Ready` is bad when it does not. */
const PRESSURES = ["DiskPressure", "MemoryPressure", "PIDPressure", "NetworkUnavailable"];

/** Whether every node is well, has room and has the right time. A cluster may keep its nodes from who may only use a namespace. */
export async function nodeFindings(
  { core, coordination }: Pick<Cluster, "core" | "coordination">,
  now: number,
): Promise<readonly DoctorFinding[]> {
  const nodes = await permitted(core.listNode());
  const reports = await Promise.all(
    (nodes?.items ?? []).map(async (node) => {
      const name = node.metadata?.name ?? "";
      const lease = await permitted(found(coordination.readNamespacedLease({ namespace: "kube-node-lease", name })));
      const renewed = lease?.spec?.renewTime;
      return [
        ...conditionFindings(node),
        ...(renewed === undefined ? [] : clockFindings(name, (now - new Date(renewed).getTime()) / 1000)),
      ];
    }),
  );
  return reports.flat();
}

export function conditionFindings({ metadata, status }: Node): readonly DoctorFinding[] {
  const name = metadata?.name ?? "";
  return (status?.conditions ?? [])
    .filter(({ type, status: holds }) =>
      type === "Ready" ? holds !== "True" : PRESSURES.includes(type) && holds === "True",
    )
    .map(({ type, message }) =>
      error(
        type === "Ready"
          ? `node ${name} is not ready: ${message ?? "no reason"}`
          : `node ${name} has ${type}: ${message ?? "no reason"}`,
        `kubectl describe node ${name}`,
      ),
    );
}

/** A node writes its own time every ten seconds: `age` is how long ago that was, in seconds. */
export function clockFindings(name: string, age: number): readonly DoctorFinding[] {
  if (age > -CLOCK_SKEW && age < SILENCE) return [];
  return [
    error(
      `node ${name}: its last sign of life is ${Math.abs(Math.round(age))} s ${age < 0 ? "ahead of" : "behind"} this machine's clock`,
      "run a time service such as chrony on both; look whether the node runs",
    ),
  ];
}
