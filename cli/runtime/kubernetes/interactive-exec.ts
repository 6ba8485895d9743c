import type { V1Status } from "@kubernetes/client-node";
import { CliError } from "../../kit/exit.ts";
import type { ExecRequest, Replica } from "../operations.ts";
import type { Cluster } from "./client.ts";
import type { Plain } from "./plain.ts";
import { containerOf } from "./replicas.ts";

/** Runs a command in a pod with the operator's own streams, and returns its exit code. */
export async function interactiveExec(
  cluster: Cluster,
  namespace: string,
  { service, name }: Replica,
  { command, tty, stdin, stdout, stderr }: ExecRequest,
): Promise<number> {
  const pod = await cluster.core.readNamespacedPod({ namespace, name });
  const status = await new Promise<V1Status>((resolve, reject) => {
    cluster.exec
      .exec(
        namespace,
        name,
        containerOf(pod, service),
        [...command],
        stdout,
        tty ? null : stderr,
        stdin ?? null,
        tty,
        resolve,
      )
      .then((connection) => {
        // After the status this changes nothing any more; without one the connection broke.
        connection.addEventListener("close", () => {
          reject(broken(name, "the connection ended before the command"));
        });
      })
      .catch((problem: unknown) => {
        // A connection that fails is told by an event, which is no Error.
        reject(broken(name, (problem as { message?: string }).message ?? "no connection"));
      });
  });
  return exitCodeOf(status);
}

/** The exit code that the API puts into the reasons of a failure. */
export function exitCodeOf({
  status,
  details,
  message,
}: Pick<Plain<V1Status>, "status" | "details" | "message">): number {
  if (status === "Success") return 0;
  const code = details?.causes?.find(({ reason }) => reason === "ExitCode")?.message;
  if (code !== undefined) return Number(code);
  throw new CliError({ happened: `the command did not run: ${message ?? "no reason"}`, fix: "fix what it names" });
}

function broken(pod: string, reason: string): CliError {
  return new CliError({
    happened: `pod ${pod}: ${reason}`,
    fix: "look at the pod and at the connection to the cluster",
  });
}
