import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import { lineSink, stampedLine } from "../lines.ts";
import type { LogLine, LogRequest, Replica } from "../operations.ts";
import type { Cluster } from "./client.ts";
import { containerOf } from "./replicas.ts";

/** Hands over what a pod wrote, each line with its time. A pod that has not begun has written nothing. */
export async function readLog(
  cluster: Cluster,
  namespace: string,
  { service, name }: Replica,
  { since, tail, follow, signal }: LogRequest,
  take: (line: LogLine) => void,
): Promise<void> {
  const pod = await cluster.core.readNamespacedPod({ namespace, name });
  const lines = lineSink((line) => {
    take(stampedLine(line));
  });
  const arrived = new PassThrough();
  arrived.pipe(lines);
  let request: AbortController;
  try {
    request = await cluster.log.log(namespace, name, containerOf(pod, service), arrived, {
      follow,
      timestamps: true,
      ...(since !== undefined && { sinceTime: since.toISOString() }),
      ...(tail !== undefined && { tailLines: tail }),
    });
  } catch (error) {
    // The client says 500 for everything that is not an answer, and the API refuses a container that is only being made.
    if (pod.status?.phase === "Pending") return;
    throw error;
  }
  const stop = () => {
    request.abort();
    arrived.end();
  };
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  await finished(lines);
  signal.removeEventListener("abort", stop);
}
