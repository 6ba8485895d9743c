import { dataPorts, hostAddressOf } from "../../../components/model/firewall.ts";
import type { Inventory } from "../../../components/model/inventory.ts";
import { isLoopback, type Socket } from "./sockets.ts";

/** What listens, as the engine and the kernel say. */
export interface Listening {
  /** Addresses that the stack's containers publish, such as `127.0.0.1:8000`. */
  readonly published: readonly string[];
  /** Every listening socket of the machine. @default - the engine is on another machine */
  readonly sockets?: readonly Socket[];
}

/** Where the host listens otherwise than the model says, one line each. */
export function exposureProblems(inventory: Inventory, { published, sockets = [] }: Listening): readonly string[] {
  const expected = inventory.workloads.flatMap(({ ports }) => ports.flatMap(({ listens }) => listens ?? []));
  const line = (got: string, allowed: string, fix: string) => `${got}; allowed: ${allowed}; ${fix}`;
  const open = sockets.filter((socket) => !isLoopback(socket));
  return [
    ...expected
      .filter((address) => !published.includes(address))
      .map((address) => line(`${address}: nothing of this stack listens there`, "what the model names", "run: npm run up")),
    ...published
      .filter((address) => !expected.includes(address))
      .map((address) => line(`${address}: a container of this stack listens there`, expected.join(", "), "run: npm run up")),
    ...expected
      .filter((address) => address.startsWith("127."))
      .flatMap((address) => {
        const wanted = hostAddressOf(address);
        return open
          .filter(({ port, transport }) => port === wanted.port && transport === wanted.transport)
          .map((socket) => line(`port ${socket.port}: something listens on ${socket.address}`, address, "stop it, or close the port to other machines"));
      }),
    ...dataPorts(inventory).flatMap((port) =>
      open
        .filter((socket) => socket.port === port && socket.transport === "tcp")
        .map((socket) =>
          line(`port ${port} of the data tier: something listens on ${socket.address}`, "the loopback or nothing", "stop it, or bind it to 127.0.0.1"),
        ),
    ),
  ];
}
