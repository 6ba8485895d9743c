import { dataPorts, hostAddressOf } from "../../../components/model/firewall.ts";
import { listening, type Inventory } from "../../../components/model/inventory.ts";
import type { Problem } from "../../../components/model/problem.ts";
import { isLoopback, type Socket } from "./sockets.ts";

/** What listens, as the engine and the kernel say. */
export interface Listening {
  /** Addresses that the stack's containers publish, such as `127.0.0.1:8000`. */
  readonly published: readonly string[];
  /** Every listening socket of the machine. @default - the engine is on another machine */
  readonly sockets?: readonly Socket[];
}

/** Where the host listens otherwise than the model says. */
export function exposureProblems(inventory: Inventory, { published, sockets = [] }: Listening): readonly Problem[] {
  const expected = inventory.workloads.flatMap(({ ports }) => ports.flatMap(listening));
  const open = sockets.filter((socket) => !isLoopback(socket));
  return [
    ...expected
      .filter((address) => !published.includes(address))
      .map((address) => ({
        got: `${address}: nothing of this stack listens there`,
        allowed: "what the model names",
        fix: "run: npm run up",
      })),
    ...published
      .filter((address) => !expected.includes(address))
      .map((address) => ({
        got: `${address}: a container of this stack listens there`,
        allowed: expected.join(", "),
        fix: "run: npm run up",
      })),
    ...expected
      .filter((address) => address.startsWith("127.") || address.startsWith("[::1]"))
      .flatMap((address) => {
        const wanted = hostAddressOf(address);
        return open
          .filter(({ port, transport }) => port === wanted.port && transport === wanted.transport)
          .map((socket) => ({
            got: `port ${socket.port}: something listens on ${socket.address}`,
            allowed: address,
            fix: "stop it, or close the port to other machines",
          }));
      }),
    ...dataPorts(inventory).flatMap((port) =>
      open
        .filter((socket) => socket.port === port && socket.transport === "tcp")
        .map((socket) => ({
          got: `port ${port} of the data tier: something listens on ${socket.address}`,
          allowed: "the loopback or nothing",
          fix: "stop it, or bind it to 127.0.0.1",
        })),
    ),
  ];
}
