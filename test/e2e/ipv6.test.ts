import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { listensText } from "../../components/model/firewall.ts";
import { DEFAULT_LIMITS } from "../../components/model/limits.ts";
import type { Route } from "../../components/model/page.ts";
import { publishedPorts } from "../../components/platform/docker/ports.ts";
import { proxyWorkload } from "../../components/platform/docker/proxy.ts";
import { dynamicConfiguration } from "../../components/platform/docker/traefik-routes.ts";
import type { IngressSpec } from "../../components/platform/ingress.ts";
import { hasImages } from "../support/e2e/available.ts";
import { changedContainers, containers, docker, get, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { proxyImage } from "../support/record/ingress.ts";
import { endpoint, RESOURCES } from "../support/record/specs.ts";

const run = promisify(execFile);

const NAME = "apprun-ipv6-test";
const [PORT, TEAM_PORT] = [10_550, 20_550];
const [SHOP, QUIET, TEAM] = ["shop.localhost", "quiet.localhost", "team.localhost"];
/** Clients of two networks of 64 bits, on a machine of their own that a cable connects to the host. */
const HOST = { first: "fd5a:17::1", second: "fd5a:18::1", ipv4: "10.250.17.1" };
const CLIENTS = { one: "fd5a:17::a", neighbour: "fd5a:17::b", other: "fd5a:18::a", ipv4: "10.250.17.2" };
const [MACHINE, CABLE] = ["apprun-ipv6", "apprun-v6"];
const BURST = 4;

const SPEC: IngressSpec = {
  bind: "public",
  port: PORT,
  teamPort: TEAM_PORT,
  ipv6: true,
  limits: { ...DEFAULT_LIMITS, rates: { ...DEFAULT_LIMITS.rates, login: { average: 1, burst: BURST } } },
};
const to = { ...endpoint("echo", 8080), replicaHosts: [`${NAME}-echo`] };
const ROUTES: readonly Route[] = [
  { name: "shop", host: SHOP, to, audience: "public", rate: "standard" },
  { name: "quiet", host: QUIET, to, audience: "public", rate: "login" },
  { name: "team", host: TEAM, to, audience: "team", rate: "operator" },
];
/** Answers with what the proxy says of the client. */
const ECHO = `require("http").createServer((q, s) => s.end(String(q.headers["x-forwarded-for"]))).listen(8080)`;

const ip = (...args: string[]) => execFileSync("ip", args, { stdio: "pipe" });
const quietly = (command: () => unknown) => {
  try {
    command();
  } catch {
    // It was not there.
  }
};

function connectMachine(): void {
  ip("netns", "add", MACHINE);
  ip("link", "add", CABLE, "type", "veth", "peer", "name", "eth0", "netns", MACHINE);
  for (const address of [`${HOST.first}/64`, `${HOST.second}/64`]) ip("addr", "add", address, "dev", CABLE, "nodad");
  ip("addr", "add", `${HOST.ipv4}/24`, "dev", CABLE);
  ip("link", "set", CABLE, "up");
  for (const address of [CLIENTS.one, CLIENTS.neighbour, CLIENTS.other])
    ip("-n", MACHINE, "addr", "add", `${address}/64`, "dev", "eth0", "nodad");
  ip("-n", MACHINE, "addr", "add", `${CLIENTS.ipv4}/24`, "dev", "eth0");
  ip("-n", MACHINE, "link", "set", "eth0", "up");
}

/** The text of an answer and its status; the program that asks may run in another place than this one. */
async function asked(host: string, url: string, curl: readonly string[] = ["curl"]): Promise<string> {
  const args = ["-s", "-m", "5", "-H", `Host: ${host}`, "-w", " %{http_code}", url];
  const { stdout } = await run("env", [...curl, ...args]).catch(() => ({ stdout: "nobody" }));
  return stdout;
}

const from = (client: string, host: string, at: string, port: number) =>
  asked(host, `http://${at}:${port}/`, ["ip", "netns", "exec", MACHINE, "curl", "--interface", client]);

const statusOf = (answer: string) => answer.split(" ").at(-1);

const clean = async () => {
  await docker("rm", "-f", "-v", `${NAME}-proxy`, `${NAME}-echo`).catch(() => "");
  for (const network of [NAME, `${NAME}-ipv6`]) await docker("network", "rm", network).catch(() => "");
  quietly(() => ip("link", "del", CABLE));
  quietly(() => ip("netns", "del", MACHINE));
};

const canConnect =
  process.getuid?.() === 0 &&
  (await run("ip", ["netns"]).then(
    () => true,
    () => false,
  ));

describe.skipIf(!canConnect || !(await hasImages("traefik", "sampleApp")))("IPv6 on a Docker host", () => {
  beforeAll(async () => {
    await clean();
    connectMachine();
    await docker("network", "create", NAME);
    await docker("network", "create", "--ipv6", `${NAME}-ipv6`);
    const routes = join(mkdtempSync(join(tmpdir(), "apprun-ipv6-")), "routes");
    mkdirSync(routes);
    writeFileSync(join(routes, "routes.yml"), stringify(dynamicConfiguration(ROUTES, SPEC)));
    await docker("run", "-d", "--network", NAME, "--name", `${NAME}-echo`, "node:22-alpine", "node", "-e", ECHO);
    const proxy = proxyWorkload({ image: proxyImage, resources: RESOURCES, spec: SPEC, mounts: [] });
    const published = publishedPorts(proxy) as { ip: string; external: number; internal: number }[];
    const ports = published.flatMap(({ ip: address, external: port, internal }) => [
      "-p",
      `${listensText({ ip: address, port, transport: "tcp" })}:${internal}`,
    ]);
    const mounts = ["-v", `${routes}:/etc/traefik/routes:ro`];
    const container = `${NAME}-proxy`;
    await docker(
      "create",
      "--network",
      NAME,
      "--name",
      container,
      ...mounts,
      ...ports,
      proxyImage.reference,
      ...(proxy.args ?? []),
    );
    await docker("network", "connect", `${NAME}-ipv6`, container);
    await docker("start", container);
    await vi.waitFor(
      async () => {
        expect(statusOf(await asked(SHOP, `http://127.0.0.1:${PORT}/`))).toBe("200");
      },
      { timeout: 30_000, interval: 200 },
    );
  });
  afterAll(clean);

  it.each([
    ["of IPv6", CLIENTS.one, `[${HOST.first}]`],
    ["of another network of IPv6", CLIENTS.other, `[${HOST.second}]`],
    ["of IPv4", CLIENTS.ipv4, HOST.ipv4],
  ])("the app learns the address of a client %s", async (_, client, at) => {
    expect(await from(client, SHOP, at, PORT)).toBe(`${client} 200`);
  });

  it("answers on the loopback of each family", async () => {
    for (const at of ["127.0.0.1", "[::1]"]) {
      expect(statusOf(await asked(SHOP, `http://${at}:${PORT}/`))).toBe("200");
      expect(statusOf(await asked(TEAM, `http://${at}:${TEAM_PORT}/`))).toBe("200");
    }
  });

  it("shows operators' pages to nobody from outside", async () => {
    for (const [client, at] of [
      [CLIENTS.one, `[${HOST.first}]`],
      [CLIENTS.ipv4, HOST.ipv4],
    ] as const)
      expect(await from(client, TEAM, at, TEAM_PORT)).toBe("nobody");
    expect(statusOf(await from(CLIENTS.one, TEAM, `[${HOST.first}]`, PORT))).toBe("404");
  });

  it("counts a network of 64 bits as one client, and the next one apart", async () => {
    const place = `[${HOST.first}]`;
    const spent: (string | undefined)[] = [];
    for (let asks = 0; asks < 2 * BURST; asks += 1) spent.push(statusOf(await from(CLIENTS.one, QUIET, place, PORT)));
    expect(spent[0]).toBe("200");
    expect(spent.at(-1)).toBe("429");
    expect(statusOf(await from(CLIENTS.neighbour, QUIET, place, PORT))).toBe("429");
    expect(statusOf(await from(CLIENTS.other, QUIET, `[${HOST.second}]`, PORT))).toBe("200");
    expect(statusOf(await from(CLIENTS.ipv4, QUIET, HOST.ipv4, PORT))).toBe("200");
  });
});

const STACK = "pr-716";
const STACK_PORT = 10_716;
const LIGHT = {
  profile: "light",
  ...{ images: SMALL.images, app: SMALL.app, postgres: { storage: "200Mi" }, cache: { storage: "100Mi" } },
};

describe("a stack on a Docker host", () => {
  const project = new TestProject(STACK, LIGHT);
  const up = async () => {
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    await project.rememberSalt();
    return stderr;
  };
  const ready = async (address: string) => (await get(STACK_PORT, `${STACK}.localhost`, "/ready", { address })).status;

  beforeAll(() => wipe(STACK));
  afterAll(() => wipe(STACK));

  it("gets IPv6 by a new proxy alone, and a second up changes nothing", async () => {
    await up();
    await expect(ready("::1")).rejects.toThrow("ECONNREFUSED");
    const before = await containers(STACK);
    project.configure({ ...LIGHT, proxy: { ipv6: true } });
    await up();
    const after = await containers(STACK);
    const proxies = ["proxy", "proxy-routes"].map((name) => `apprun-${STACK}-${name}`);
    expect(changedContainers(before, after)).toEqual(proxies);
    for (const address of ["127.0.0.1", "::1"]) expect(await ready(address)).toBe(200);
    expect(await up()).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
    expect(changedContainers(after, await containers(STACK))).toEqual([]);
  });

  it("loses it again with the setting", async () => {
    project.configure(LIGHT);
    await up();
    await expect(ready("::1")).rejects.toThrow("ECONNREFUSED");
    expect(await ready("127.0.0.1")).toBe(200);
    expect(await docker("network", "ls", "-q", "--filter", `name=apprun-${STACK}-edge-ipv6`)).toBe("");
  });
});
