import { describe, expect, it } from "vitest";
import { exposureProblems } from "../../../../cli/runtime/docker/exposure.ts";
import { isLoopback, parseSocketTable, type Socket } from "../../../../cli/runtime/docker/sockets.ts";
import { firewallRows, hostAddressOf, listensText } from "../../../../components/model/firewall.ts";
import { phrase } from "../../../../components/model/problem.ts";
import type { Inventory, InventoryWorkload } from "../../../../components/model/inventory.ts";

const workload = (name: string, tier: "edge" | "data", ports: InventoryWorkload["ports"]) =>
  ({ name, tier, ports }) as InventoryWorkload;
const INVENTORY: Inventory = {
  workloads: [
    workload("postgres", "data", [{ name: "postgres", port: 5432, exposure: "internal" }]),
    workload("proxy", "edge", [
      { name: "web", port: 8000, exposure: "public", listens: "0.0.0.0:80" },
      { name: "team", port: 8001, exposure: "loopback", listens: "127.0.0.1:10080" },
    ]),
  ],
  volumes: [],
};
const PUBLISHED = ["0.0.0.0:80", "127.0.0.1:10080"];

describe("what listens is compared with the model", () => {
  it.each<[string, string[], Socket[], string[]]>([
    [
      "and is as it says",
      PUBLISHED,
      [
        { transport: "tcp", address: "127.0.0.1", port: 10_080 },
        { transport: "tcp", address: "127.0.0.1", port: 5432 },
        { transport: "tcp", address: "0.0.0.0", port: 22 },
      ],
      [],
    ],
    [
      "and is missing",
      ["0.0.0.0:80"],
      [],
      ["127.0.0.1:10080: nothing of this stack listens there; allowed: what the model names; run: npm run up"],
    ],
    [
      "and is more",
      [...PUBLISHED, "0.0.0.0:5432"],
      [],
      ["0.0.0.0:5432: a container of this stack listens there; allowed: 0.0.0.0:80, 127.0.0.1:10080; run: npm run up"],
    ],
    [
      "and is wider",
      PUBLISHED,
      [{ transport: "tcp", address: "0.0.0.0", port: 10_080 }],
      [
        "port 10080: something listens on 0.0.0.0; allowed: 127.0.0.1:10080; stop it, or close the port to other machines",
      ],
    ],
    [
      "and opens a port of the data tier",
      PUBLISHED,
      [{ transport: "tcp", address: "0".repeat(32), port: 5432 }],
      [
        `port 5432 of the data tier: something listens on ${"0".repeat(32)}; allowed: the loopback or nothing; stop it, or bind it to 127.0.0.1`,
      ],
    ],
    [
      "and is over UDP where the model says TCP",
      PUBLISHED,
      [{ transport: "udp", address: "0.0.0.0", port: 10_080 }],
      [],
    ],
  ])("%s", (_, published, sockets, expected) => {
    expect(exposureProblems(INVENTORY, { published, sockets }).map(phrase)).toEqual(expected);
  });
});

it("a UDP port on the loopback is told apart from a TCP port of the same number", () => {
  const collector = workload("alloy", "edge", [
    { name: "gelf", port: 12_201, exposure: "loopback", listens: "127.0.0.1:10080/udp" },
  ]);
  const inventory = { ...INVENTORY, workloads: [...INVENTORY.workloads, collector] };
  const published = [...PUBLISHED, "127.0.0.1:10080/udp"];
  expect(
    exposureProblems(inventory, { published, sockets: [{ transport: "udp", address: "127.0.0.1", port: 10_080 }] }),
  ).toEqual([]);
  expect(
    exposureProblems(inventory, { published, sockets: [{ transport: "udp", address: "0.0.0.0", port: 10_080 }] }).map(
      phrase,
    ),
  ).toEqual([
    "port 10080: something listens on 0.0.0.0; allowed: 127.0.0.1:10080/udp; stop it, or close the port to other machines",
  ]);
  expect(exposureProblems(inventory, { published: PUBLISHED }).map(phrase)).toEqual([
    "127.0.0.1:10080/udp: nothing of this stack listens there; allowed: what the model names; run: npm run up",
  ]);
});

it.each(["0.0.0.0:443", "127.0.0.1:10080/udp"])("an address is read as it is written: %s", (text) => {
  expect(listensText(hostAddressOf(text))).toBe(text);
});

it("of UDP sockets only those without a peer take what others send", () => {
  const table = [
    "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops",
    "  1: 0100007F:2760 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0 0",
    "  2: 0100007F:9C40 0100007F:2760 01 00000000:00000000 00:00000000 00000000     0        0 1 2 0 0",
  ].join("\n");
  expect(parseSocketTable(table, "udp")).toEqual([{ transport: "udp", address: "127.0.0.1", port: 10_080 }]);
});

it("reads the kernel's tables", () => {
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1",
    "   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1",
    "   2: 0100007F:1F41 0100007F:1F40 01 00000000:00000000 00:00000000 00000000     0        0 1 1",
    "   3: 00000000000000000000000001000000:1F42 00000000000000000000000000000000:0000 0A 0 0 0 0 0 0",
    "   4: 0000000000000000FFFF00000100007F:1F43 00000000000000000000000000000000:0000 0A 0 0 0 0 0 0",
  ].join("\n");
  expect(parseSocketTable(table, "tcp").map((socket) => [socket.address, socket.port, isLoopback(socket)])).toEqual([
    ["127.0.0.1", 8000, true],
    ["0.0.0.0", 22, false],
    ["00000000000000000000000001000000", 8002, true],
    ["0000000000000000FFFF00000100007F", 8003, true],
  ]);
});

describe("the table of ports", () => {
  it("begins with what reaches furthest", () => {
    expect(firewallRows(INVENTORY).map(({ service, port, reach }) => `${service} ${port} ${reach}`)).toEqual([
      "proxy 8000 everyone",
      "proxy 8001 this host",
      "postgres 5432 inside",
    ]);
  });
});
