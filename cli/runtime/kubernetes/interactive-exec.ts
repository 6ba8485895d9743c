import type { V1Status } from "@kubernetes/client-node";
import { CliError } from "../../kit/exit.ts";
import type { ExecRequest, Replica } from "../operations.ts";
import type { Cluster } from "./client.ts";
import type { Plain } from "./plain.ts";
import { containerOf } from "./replicas.ts";
import { runInPod } from "./run-in-pod.ts";

/** Runs a command in a pod with the operator's own streams, and returns its exit code. */
export async function interactiveExec(
  cluster: Cluster,
  namespace: string,
  { service, name }: Replica,
  { command, tty, stdin, stdout, stderr }: ExecRequest,
): Promise<number> {
  const pod = await cluster.core.readNamespacedPod({ namespace, name });
  const status = await runInPod(cluster.exec, {
    namespace,
    pod: name,
    container: containerOf(pod, service),
    command,
    stdout,
    stderr: tty ? null : stderr,
    stdin: stdin ?? null,
    tty,
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
