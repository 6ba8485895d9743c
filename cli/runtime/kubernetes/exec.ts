import { PassThrough } from "node:stream";
import type { V1Status } from "@kubernetes/client-node";
import { CliError } from "../../kit/exit.ts";
import type { Cluster } from "./client.ts";

/**
 * Runs a command in a pod's container of the same name as the workload and returns its standard output.
 * @throws CliError with its last words when it fails
 */
export async function execInPod(
  cluster: Cluster,
  namespace: string,
  pod: string,
  container: string,
  command: readonly string[],
): Promise<string> {
  let [output, words] = ["", ""];
  const stdout = new PassThrough().on("data", (chunk: Buffer) => (output += chunk.toString()));
  const stderr = new PassThrough().on("data", (chunk: Buffer) => (words += chunk.toString()));
  const status = await new Promise<V1Status>((resolve, reject) => {
    cluster.exec
      .exec(namespace, pod, container, [...command], stdout, stderr, null, false, resolve)
      .catch((problem: unknown) => {
        // A connection that fails is told by an event, which is no Error.
        const reason = (problem as { message?: string }).message ?? "no connection";
        reject(
          new CliError({
            happened: `${command[0] ?? ""} in pod ${pod}: ${reason}`,
            fix: "look at the pod and at the connection to the cluster",
          }),
        );
      });
  });
  if (status.status === "Success") return output;
  const reason = words.trim().split("\n").at(-1) || (status.message ?? "no reason");
  throw new CliError({ happened: `${command[0] ?? ""} in pod ${pod}: ${reason}`, fix: "fix what it names" });
}
