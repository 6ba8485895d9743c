import { EventEmitter } from "node:events";
import type { Exec, V1Status } from "@kubernetes/client-node";
import { Exec as RealExec, KubeConfig } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { execInPod } from "../../../../cli/runtime/kubernetes/exec.ts";
import { keptOpen } from "../../../../cli/runtime/kubernetes/run-in-pod.ts";

type Message = readonly [channel: number, text: string];
const SUCCESS: Message = [3, JSON.stringify({ status: "Success" } satisfies Partial<V1Status>)];

/** An API server that sends these messages and then closes; the library closes as soon as it is told to. */
function server(messages: readonly Message[]): Exec {
  const config = new KubeConfig();
  const connect = (_path: string, _text: unknown, onData: ((stream: number, data: Buffer) => boolean) | null) => {
    const socket = new EventEmitter();
    const connection = {
      addEventListener: (name: string, listener: () => void) => socket.on(name, listener),
      close: () => socket.emit("close"),
    };
    setTimeout(() => {
      for (const [channel, text] of messages) if (onData?.(channel, Buffer.from(text)) === false) break;
      socket.emit("close");
    });
    return Promise.resolve(connection);
  };
  return keptOpen(new RealExec(config, { connect } as unknown as ConstructorParameters<typeof RealExec>[1]));
}

const run = (messages: readonly Message[]) =>
  execInPod({ exec: server(messages) }, "ns", "postgres-0", "postgres", ["psql"]);

describe("a command in a pod", () => {
  it.each<[string, readonly Message[]]>([
    ["before its status", [[1, "apprun\n"], SUCCESS]],
    ["after its status, which has a stream of its own", [SUCCESS, [1, "apprun\n"]]],
    ["around it", [[1, "app"], SUCCESS, [1, "run\n"]]],
  ])("has the output that comes %s", async (_, messages) => {
    expect(await run(messages)).toBe("apprun\n");
  });

  it("fails with its last words, those too that come after its status", async () => {
    const failed: Message = [3, JSON.stringify({ status: "Failure", message: "exit code 1" })];
    await expect(run([failed, [2, "no such role\n"]])).rejects.toThrow("psql in pod postgres-0: no such role");
  });

  it("without a status is one whose connection broke", async () => {
    await expect(run([[1, "half"]])).rejects.toThrow("pod postgres-0: the connection ended before the command");
  });
});
