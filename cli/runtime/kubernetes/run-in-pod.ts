import type { Readable, Writable } from "node:stream";
import type { Exec, V1Status } from "@kubernetes/client-node";
import { CliError } from "../../kit/exit.ts";

/** Time in milliseconds after the end of a command in which the API server has closed the connection itself. */
const LAST_OUTPUT = 1000;

/** A command in a container of a pod. */
export interface PodCommand {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  readonly stdout: Writable;
  /** `null` with a terminal, which has one stream for both. */
  readonly stderr: Writable | null;
  readonly stdin: Readable | null;
  readonly tty: boolean;
}

/**
 * The library ends a connection with the status of its command. Output has a
 * stream of its own and may come after the status: it would be lost.
 */
export function keptOpen(exec: Exec): Exec {
  const { handler } = exec;
  const connect = handler.connect.bind(handler);
  handler.connect = (path, onText, onData) =>
    connect(
      path,
      onText,
      onData &&
        ((stream, data) => {
          onData(stream, data);
          return true;
        }),
    );
  return exec;
}

/**
 * Runs a command in a pod and returns its status once all of its output is there.
 * @throws CliError where the connection fails or ends before the command
 */
export function runInPod(exec: Exec, request: PodCommand): Promise<V1Status> {
  const { namespace, pod, container, command, stdout, stderr, stdin, tty } = request;
  return new Promise((resolve, reject) => {
    let [status, close]: [V1Status | undefined, () => void] = [undefined, () => undefined];
    exec
      .exec(namespace, pod, container, [...command], stdout, stderr, stdin, tty, (ended) => {
        status = ended;
        setTimeout(() => {
          close();
        }, LAST_OUTPUT);
      })
      .then((connection) => {
        close = () => {
          connection.close();
        };
        connection.addEventListener("close", () => {
          if (status === undefined) reject(broken(pod, "the connection ended before the command"));
          else resolve(status);
        });
      })
      .catch((problem: unknown) => {
        // A connection that fails is told by an event, which is no Error.
        reject(broken(pod, (problem as { message?: string }).message ?? "no connection"));
      });
  });
}

function broken(pod: string, reason: string): CliError {
  return new CliError({
    happened: `pod ${pod}: ${reason}`,
    fix: "look at the pod and at the connection to the cluster",
  });
}
