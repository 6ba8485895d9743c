import type { Readable, Writable } from "node:stream";
import { CliError } from "../../kit/exit.ts";
import { textSink } from "../lines.ts";
import type { Cluster } from "./client.ts";
import { runInPod } from "./run-in-pod.ts";

/**
 * Runs a command in a pod's container of the same name as the workload and returns its standard output.
 * @throws CliError with its last words when it fails
 */
export async function execInPod(
  { exec }: Pick<Cluster, "exec">,
  namespace: string,
  pod: string,
  container: string,
  command: readonly string[],
  stdin: Readable | null = null,
): Promise<string> {
  let [output, words] = ["", ""];
  const stdout = collector((text) => (output += text));
  const stderr = collector((text) => (words += text));
  const status = await runInPod(exec, { namespace, pod, container, command, stdout, stderr, stdin, tty: false });
  if (status.status === "Success") return output;
  const reason = words.trim().split("\n").at(-1) || (status.message ?? "no reason");
  throw new CliError({ happened: `${command[0] ?? ""} in pod ${pod}: ${reason}`, fix: "fix what it names" });
}

/** The library ends the streams with the command's status, before the last output. */
function collector(take: (text: string) => void): Writable {
  const stream = textSink(take);
  return Object.assign(stream, { end: () => stream });
}
