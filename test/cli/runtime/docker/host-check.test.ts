import { describe, expect, it } from "vitest";
import { hostProblems, hostWeaknesses } from "../../../../cli/runtime/docker/host-check.ts";
import { countsAddresses } from "../../../../cli/runtime/docker/preflight.ts";
import { phrase } from "../../../../components/model/problem.ts";
import { settingsOf } from "../../../support/record/stacks.ts";
import type { HostFacts } from "../../../../cli/runtime/docker/host-facts.ts";

const disk = (free: number) => ({ directory: "/var/lib/docker", free, freePart: 0.5 });
const engine = { apiVersion: "1.44", version: "28.5.2", components: ["Engine", "containerd"] };
const good = {
  engine,
  rootless: false,
  desktop: false,
  cpus: 4,
  memory: 8192,
  disk: disk(50_000),
  portsInUse: [],
  unknown: [],
} satisfies HostFacts;
const needs = { cpu: 2000, memory: 4096, disk: 20_480, ports: settingsOf({}), countsAddresses: true, ipv6: false };

describe("a host", () => {
  it("that has enough of everything has no problem", () => {
    expect(hostProblems(good, needs)).toEqual([]);
  });

  it.each<[Partial<HostFacts>, string]>([
    [
      { engine: { ...engine, apiVersion: "1.43" } },
      "Docker Engine: got API version 1.43; allowed: 1.44 or newer (Docker Engine 25), because older engines cannot check a container often only while it starts; update Docker",
    ],
    [
      { engine: { ...engine, apiVersion: "1.9" } },
      "Docker Engine: got API version 1.9; allowed: 1.44 or newer (Docker Engine 25), because older engines cannot check a container often only while it starts; update Docker",
    ],
    [
      { engine: { ...engine, version: "5.6.2", components: ["Podman Engine", "Conmon"] } },
      "Docker Engine: got Podman 5.6.2; allowed: Docker Engine 25 or newer: with Podman health checks, networks and volumes of a stack were never tried; name an engine of Docker with apprun:docker.host",
    ],
    [
      { rootless: true },
      "Docker Engine: got one that runs without root; allowed: one that runs as root: without it limits, ports below 1024 and the owners of volumes depend on the machine's set-up, and no stack was ever tried; name such an engine with apprun:docker.host",
    ],
    [
      { memory: 2048 },
      "memory: the host has 2Gi; allowed: at least 4Gi, the sum of the services' limits; lower the limits in the stack file or take a larger host",
    ],
    [
      { cpus: 1 },
      "CPU: the host has 1 cores; allowed: at least 2, the largest limit of one service; lower that limit or take a larger host",
    ],
    [
      { disk: disk(512) },
      "disk: the engine's directory has 512Mi free; allowed: at least 20Gi, the planned sizes of the volumes that are still to be made; free some space or lower the sizes in the stack file",
    ],
    [
      { portsInUse: ["127.0.0.1:8000/udp"] },
      "port: another program listens on 127.0.0.1:8000/udp; allowed: a free port; stop that program (ss -Hlnpu 'sport = :8000' names it) or set apprun:logs.port",
    ],
    [
      { portsInUse: ["127.0.0.1:8000"] },
      "port: another program listens on 127.0.0.1:8000; allowed: a free port; stop that program (ss -Hlnpt 'sport = :8000' names it) or set apprun:proxy.port",
    ],
  ])("with %j is refused", (changes, message) => {
    expect(hostProblems({ ...good, ...changes }, needs).map(phrase)).toEqual([message]);
  });

  it.each<[Partial<HostFacts>, string[]]>([
    [{ engine: { ...engine, version: "28.0.0" }, ipv6: true }, []],
    [{ engine: { ...engine, version: "29.1.0" } }, []],
    [
      { engine: { ...engine, version: "27.5.1" } },
      [
        "proxy.ipv6: got true with Docker Engine 27.5.1; allowed: 28 or newer: older engines give the proxy their own address in place of the client's; update Docker, or remove proxy.ipv6",
      ],
    ],
    [
      { engine: { ...engine, version: "28.0.0" }, ipv6: false },
      [
        "proxy.ipv6: got true on a host whose kernel has no IPv6; allowed: a host with IPv6, or false; start the kernel with it (ipv6.disable=0), or remove proxy.ipv6",
      ],
    ],
  ])("with %j is judged where the proxy listens on IPv6, and not where it does not", (changes, messages) => {
    expect(hostProblems({ ...good, ...changes }, { ...needs, ipv6: true }).map(phrase)).toEqual(messages);
    expect(hostProblems({ ...good, ...changes }, needs)).toEqual([]);
  });

  it("shows every problem at once", () => {
    expect(hostProblems({ ...good, memory: 1, cpus: 1 }, needs)).toHaveLength(2);
  });

  it("whose disk is unknown is not refused for it", () => {
    const { disk: _unknown, ...remote } = good;
    expect(hostProblems(remote, needs)).toEqual([]);
  });
});

describe("the loopback of a host", () => {
  it.each([
    ["25.0.13", "can reach ports that containers publish on 127.0.0.1, such as"],
    ["27.5.1", "can reach ports that containers publish on 127.0.0.1, such as"],
    ["28.2.0", "can reach ports that containers publish on 127.0.0.1 after firewalld reloads, such as"],
    ["28.3.2+dfsg1", "can reach ports that containers publish on 127.0.0.1 after firewalld reloads, such as"],
  ])("is no gate with Docker Engine %s", (version, part) => {
    const [weakness] = hostWeaknesses({ ...good, engine: { ...engine, version } }, needs);
    expect(weakness?.got).toContain(`Docker Engine ${version}: machines on the same network ${part}`);
  });

  it.each(["28.0.1", "28.1.1", "28.3.3", "28.5.2+dfsg4", "29.0.0"])("is one with %s", (version) => {
    expect(hostWeaknesses({ ...good, engine: { ...engine, version } }, needs)).toEqual([]);
  });
});

describe("the addresses of clients", () => {
  it("are hidden by Docker Desktop, where strangers are counted by them", () => {
    expect(hostWeaknesses({ ...good, desktop: true }, needs).map(phrase)).toEqual([
      "limits.rates: Docker Desktop hides the addresses of clients, so all of them together have the rate of one; allowed: an engine on Linux, which shows them; set limits.clients to together, or put a proxy in front that names each client (apprun:front)",
    ]);
    expect(hostWeaknesses({ ...good, desktop: true }, { ...needs, countsAddresses: false })).toEqual([]);
  });

  const PUBLIC = { domain: "example.com", proxy: { bind: "public" } };
  it.each<[string, Record<string, unknown>, boolean]>([
    ["of a public proxy", PUBLIC, true],
    ["of one on the loopback", {}, false],
    ["that what is in front names", { ...PUBLIC, front: { addresses: ["10.0.0.5"] } }, false],
    ["that count together", { ...PUBLIC, limits: { clients: "together" } }, false],
  ])("%s are counted: %s", (_, values, counted) => {
    expect(countsAddresses(settingsOf(values))).toBe(counted);
  });
});
