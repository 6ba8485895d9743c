import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { ChildProcess } from "node:child_process";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { changedContainers, containers, get, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import {
  certify,
  hasFrontProxies,
  startFront,
  stopFront,
  type FrontPlace,
  type FrontProxy,
} from "../support/e2e/front-proxies.ts";
import { Visitor } from "../support/e2e/visitor.ts";

const STACK = "pr-520";
const [STACK_PORT, PORT] = [10_520, 30_520];
const HOST = `${STACK}.localhost`;
const [APP, AUTH] = [`https://${HOST}:${PORT}/`, `https://auth.${HOST}:${PORT}/`];
const SETTINGS = {
  ...SMALL,
  temporal: { enabled: false },
  prometheus: { enabled: false },
  exporters: { postgres: false, cache: false, host: false },
  kratos: { sessionCookie: "domain" },
  proxy: { port: STACK_PORT, audience: "public" },
  tls: { mode: "external" },
  front: { port: PORT },
  limits: { rates: { login: { average: 5, burst: 20 } } },
};

interface Flow {
  readonly ui: {
    readonly action: string;
    readonly nodes: readonly { attributes: { name: string; value?: string } }[];
  };
}

/** Begins a flow as the app's page does, and sends its form. */
async function sendForm(visitor: Visitor, kind: "login" | "registration", fields: Record<string, unknown>) {
  const begun = await visitor.ask(`${AUTH}self-service/${kind}/browser`);
  expect([begun.status, begun.body]).toEqual([200, expect.stringContaining('"ui"')]);
  const { ui } = JSON.parse(begun.body) as Flow;
  expect(ui.action.startsWith(AUTH)).toBe(true);
  const token = ui.nodes.find(({ attributes }) => attributes.name === "csrf_token")?.attributes.value;
  return visitor.ask(ui.action, {
    method: "POST",
    json: { method: "password", csrf_token: token, ...fields },
    headers: { Origin: APP.slice(0, -1), Referer: APP },
  });
}

describe.skipIf(!hasFrontProxies())("a proxy in front that ends TLS (skipped without nginx, Caddy and HAProxy)", () => {
  const project = new TestProject(STACK, SETTINGS);
  const place: FrontPlace = {
    directory: join(project.directory, "front"),
    host: HOST,
    port: PORT,
    stackPort: STACK_PORT,
  };
  const ca = certify(place);
  let front: ChildProcess | undefined;
  const start = async (proxy: FrontProxy) => {
    front = await startFront(proxy, place);
    await expect
      .poll(async () => (await new Visitor(ca, "127.0.0.9").ask(`${AUTH}health/ready`)).status, { timeout: 20_000 })
      .toBe(200);
  };

  beforeAll(() => wipe(STACK));
  afterEach(() => front && stopFront(front));
  afterAll(() => wipe(STACK));

  const visit = (address: string) => async () => {
    const visitor = new Visitor(ca, address);
    const password = randomBytes(16).toString("hex");
    const email = `${randomBytes(6).toString("hex")}@example.com`;

    const page = await visitor.ask(`${AUTH}self-service/login/browser`, { headers: { Accept: "text/html" } });
    expect([page.status, page.headers["location"]]).toEqual([303, expect.stringContaining(`${APP}auth/login?flow=`)]);

    const registered = await sendForm(visitor, "registration", { traits: { email }, password });
    expect([registered.status, registered.body]).toEqual([200, expect.stringContaining(email)]);
    expect(registered.headers).toMatchObject({
      "access-control-allow-origin": APP.slice(0, -1),
      "access-control-allow-credentials": "true",
      "strict-transport-security": "max-age=31536000",
    });
    expect(visitor.attributesOf("ory_kratos_session")).toMatch(/Domain=pr-520\.localhost.*Secure/i);

    // What a client says of itself is nobody's business.
    const spoofed = { "X-Forwarded-For": "203.0.113.9", "X-Real-Ip": "203.0.113.9", "True-Client-Ip": "203.0.113.9" };
    const leaving = await visitor.ask(`${AUTH}self-service/logout/browser`, { headers: spoofed });
    const { logout_url: logout } = JSON.parse(leaving.body) as { logout_url: string };
    expect(logout.startsWith(AUTH)).toBe(true);
    const left = await visitor.ask(logout, { headers: { Accept: "text/html" } });
    expect([left.status, left.headers["location"]]).toEqual([303, APP]);
    expect((await visitor.ask(`${AUTH}sessions/whoami`)).status).toBe(401);

    const again = await sendForm(visitor, "login", { identifier: email, password });
    expect([again.status, again.body]).toEqual([200, expect.stringContaining(email)]);
    const session = await visitor.ask(`${AUTH}sessions/whoami`, { headers: spoofed });
    const { devices } = JSON.parse(session.body) as { devices: { ip_address: string }[] };
    expect(devices.map(({ ip_address: seen }) => seen)).toEqual([address]);
  };
  const countApart = async () => {
    const [loud, quiet] = [new Visitor(ca, "127.0.0.7"), new Visitor(ca, "127.0.0.8")];
    const statuses = await Promise.all(
      Array.from(
        { length: 60 },
        async (_, at) =>
          (await loud.ask(`${AUTH}health/ready`, { headers: { "X-Forwarded-For": `203.0.113.${at}` } })).status,
      ),
    );
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(20);
    expect((await quiet.ask(`${AUTH}health/ready`)).status).toBe(200);
  };

  it("comes up with the public URLs of the proxy in front, and a second up changes nothing", async () => {
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    const before = await containers(STACK);
    const second = await project.cli(["up"]);
    expect(second.code, second.stderr).toBe(0);
    expect(changedContainers(before, await containers(STACK))).toEqual([]);
    const { stdout } = await project.cli(["status", "--json"]);
    expect(stdout).toContain(`"${AUTH}"`);
    expect((await get(STACK_PORT, `grafana.${HOST}`, "/")).status).toBe(404);
  });

  describe.each<[FrontProxy, string]>([
    ["nginx", "127.0.0.2"],
    ["caddy", "127.0.0.3"],
  ])("%s", (proxy, address) => {
    it("lets register, log out and log in, with the client's own address", async () => {
      await start(proxy);
      await visit(address)();
    });

    it("has two clients counted apart", async () => {
      await start(proxy);
      await countApart();
    });
  });

  it("HAProxy with the PROXY protocol: the same", async () => {
    await project.rememberSalt();
    project.configure({ ...SETTINGS, front: { port: PORT, clientAddress: "proxy-protocol" } });
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    await start("haproxy");
    await visit("127.0.0.4")();
    await countApart();
  });
});
