import { createServer, type AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { portRemedy } from "../../../../cli/runtime/docker/port-settings.ts";
import { portsInUse } from "../../../../cli/runtime/docker/ports-in-use.ts";
import type { Socket } from "../../../../cli/runtime/docker/sockets.ts";
import { settingsOf } from "../../../support/record/stacks.ts";

describe("a port is taken", () => {
  const tcp = (address: string, port = 80): Socket => ({ transport: "tcp", address, port });

  it.each<[string, string | undefined, readonly Socket[], boolean]>([
    ["not where it can be listened on", undefined, [], false],
    ["where another program has it", "EADDRINUSE", [], true],
    ["not because a user may not listen there", "EACCES", [], false],
    ["where a user may not listen and the kernel shows who does", "EACCES", [tcp("0.0.0.0")], true],
    ["by who listens on one address only", "EACCES", [tcp("192.0.2.1")], true],
    ["by who listens over IPv6 for both", "EACCES", [tcp("0".repeat(32))], true],
    ["not by another port", "EACCES", [tcp("0.0.0.0", 81)], false],
    ["not by UDP", "EACCES", [{ ...tcp("0.0.0.0"), transport: "udp" }], false],
    ["not where the machine lacks the address", "EADDRNOTAVAIL", [tcp("0.0.0.0")], false],
  ])("%s", async (_, code, sockets, taken) => {
    expect(
      await portsInUse(
        ["0.0.0.0:80"],
        () => Promise.resolve(code),
        () => sockets,
      ),
    ).toEqual(taken ? ["0.0.0.0:80"] : []);
  });

  it.each<[string, string, readonly Socket[], boolean]>([
    ["by who listens on every address of IPv6", "[::]:80", [tcp("0".repeat(32))], true],
    ["on the loopback of IPv6 by who listens there", "[::1]:80", [tcp(`${"0".repeat(24)}01000000`)], true],
    ["not by who listens on another address of IPv6", "[::1]:80", [tcp(`B80D0120${"0".repeat(24)}`)], false],
  ])("%s", async (_, listens, sockets, taken) => {
    const inUse = portsInUse(
      [listens],
      () => Promise.resolve("EACCES"),
      () => sockets,
    );
    expect(await inUse).toEqual(taken ? [listens] : []);
  });

  it("in one family of addresses only", async () => {
    const server = createServer().listen({ port: 0, host: "::1", ipv6Only: true });
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    expect(await portsInUse([`127.0.0.1:${port}`, `[::1]:${port}`])).toEqual([`[::1]:${port}`]);
    await new Promise((resolve) => server.close(resolve));
  });

  it("by a program of this machine", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const listens = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await portsInUse([listens])).toEqual([listens]);
    await new Promise((resolve) => server.close(resolve));
    expect(await portsInUse([listens])).toEqual([]);
  });
});

describe("the setting of a port", () => {
  const prod = settingsOf(
    {
      domain: "example.com",
      proxy: { bind: "public" },
      tls: { mode: "local-ca" },
      host: { memory: "64Gi", cpu: "16", disk: "500Gi" },
    },
    "prod",
  );
  const staging = settingsOf({ proxy: { bind: "public" }, tls: { mode: "local-ca" } }, "staging");
  const behind =
    "or let it stand in front of the stack: set apprun:proxy.bind to loopback and apprun:proxy.port to a free port";

  it.each([
    ["127.0.0.1:8000", settingsOf({}), "set apprun:proxy.port"],
    ["127.0.0.1:8000/udp", settingsOf({}), "set apprun:logs.port"],
    [`0.0.0.0:${staging.proxy.port}`, staging, "set apprun:proxy.port"],
    [`0.0.0.0:${staging.proxy.tlsPort}`, staging, "set apprun:proxy.tlsPort"],
    [`127.0.0.1:${staging.proxy.teamPort}`, staging, "set apprun:proxy.teamPort"],
    ["0.0.0.0:80", prod, behind],
    ["0.0.0.0:443", prod, behind],
    ["[::]:443", prod, behind],
    ["127.0.0.1:10080", prod, "set apprun:proxy.teamPort"],
  ] as const)("%s is named, with a way that the policies let through", (listens, settings, way) => {
    expect(portRemedy(settings, listens)).toMatch(/^stop that program \(ss -Hlnp[ut] 'sport = :\d+' names it\),? /);
    expect(portRemedy(settings, listens)).toContain(way);
  });
});
