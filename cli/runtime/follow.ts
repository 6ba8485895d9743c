import { setTimeout as sleep } from "node:timers/promises";
import type { InventoryWorkload } from "../../components/model/inventory.ts";
import { reasonOf } from "../kit/exit.ts";
import type { LogLine, LogRequest, Operations, Replica } from "./operations.ts";

/** Time between two looks for replicas that are new or began again. */
const LOOK = 1000;

/** A line with the replica that wrote it. */
export interface ReplicaLine extends LogLine {
  readonly replica: Replica;
}

/** What all replicas wrote, in the order of time. `keep` decides before a line takes memory. */
export async function pastLines(
  operations: Operations,
  workloads: readonly InventoryWorkload[],
  request: Omit<LogRequest, "follow">,
  keep: (line: LogLine) => boolean,
): Promise<readonly ReplicaLine[]> {
  const lines: ReplicaLine[] = [];
  const replicas = await replicasOf(operations, workloads);
  await Promise.all(
    replicas.map((replica) =>
      operations.readLog(replica, { ...request, follow: false }, (line) => {
        if (keep(line)) lines.push({ ...line, replica });
      }),
    ),
  );
  return lines.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

/**
 * Hands over what the replicas write until the signal. A replica that begins
 * again is read on after its last line, and one that is new from its first.
 */
export async function followLines(
  operations: Operations,
  workloads: readonly InventoryWorkload[],
  request: Omit<LogRequest, "follow">,
  take: (line: ReplicaLine) => void,
  report: (text: string) => void,
): Promise<void> {
  const { signal } = request;
  const followed = new Set<string>();
  const last = new Map<string, string>();
  const readers: Promise<void>[] = [];
  let start: Partial<LogRequest> = { since: request.since, tail: request.tail };
  while (!signal.aborted) {
    for (const replica of await replicasOf(operations, workloads)) {
      const key = `${replica.name} ${replica.start}`;
      if (followed.has(key)) continue;
      followed.add(key);
      const before = last.get(replica.name);
      const from = before === undefined ? start : { since: new Date(before) };
      readers.push(
        operations
          .readLog(replica, { ...from, follow: true, signal }, (line) => {
            // The runtime's "since" is not finer than a millisecond and takes the line of that moment again.
            if (before !== undefined && line.time <= before) return;
            last.set(replica.name, line.time);
            take({ ...line, replica });
          })
          .catch((error: unknown) => {
            if (!signal.aborted) report(`the log of ${replica.name} ended: ${reasonOf(error)}`);
          }),
      );
    }
    start = {};
    await sleep(LOOK, undefined, { signal }).catch(() => undefined);
  }
  await Promise.all(readers);
}

async function replicasOf(
  operations: Operations,
  workloads: readonly InventoryWorkload[],
): Promise<readonly Replica[]> {
  return (await Promise.all(workloads.map((workload) => operations.replicas(workload)))).flat();
}
