import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { containers, docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { dashboardQueries } from "../support/e2e/grafana.ts";
import { expectData, MonitoringApi } from "../support/e2e/prometheus.ts";

const STACK = "pr-704";
const PORT = 10_704;
const SETTINGS = { ...SMALL, temporal: { enabled: false }, nats: { enabled: true, storage: "200Mi" } };
const STREAM = "ORDERS";

const name = (service: string) => `apprun-${STACK}-${service}`;
const project = new TestProject(STACK, SETTINGS);
const api = new MonitoringApi(project, PORT, `${STACK}.localhost`);

describe("NATS with JetStream on a real Docker Engine", () => {
  beforeAll(() => wipe(STACK));
  afterAll(() => wipe(STACK));

  it("comes up with the stack and takes the app's events by the address that the app is given", async () => {
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    await project.rememberSalt();
    expect(
      await nats(`$JS.API.STREAM.CREATE.${STREAM}`, { name: STREAM, subjects: ["orders.*"], storage: "file" }),
    ).toMatchObject({
      type: "io.nats.jetstream.api.v1.stream_create_response",
      did_create: true,
    });
    expect(await nats("orders.new", { id: 42 })).toMatchObject({ stream: STREAM, seq: 1 });
  });

  it("refuses who has no password", async () => {
    expect(await session('CONNECT {"verbose":false}', "PING")).toContain("Authorization Violation");
  });

  it("is scraped through its exporter, and every query of its dashboard has data", async () => {
    await expect
      .poll(async () => (await api.targets())["nats-exporter"], { timeout: 60_000, interval: 1000 })
      .toBe("up");
    const queries = await dashboardQueries(project, PORT, "apprun-nats");
    expect(queries.length).toBeGreaterThan(6);
    await expectData((expr) => api.query(expr), queries);
    expect(await api.brokenRules()).toEqual([]);
  });

  it("keeps the stream and its event through a restart", async () => {
    await docker("restart", "--time", "30", name("nats"));
    await expect
      .poll(() => nats(`$JS.API.STREAM.INFO.${STREAM}`, {}).catch(String), { timeout: 60_000, interval: 1000 })
      .toMatchObject({ state: { messages: 1, last_seq: 1 } });
  });

  it("is not switched off in silence, and without its exporter has no target, alert or dashboard", async () => {
    project.configure({ ...SETTINGS, nats: { enabled: false } });
    const dropped = await project.cli(["up"]);
    expect([dropped.code, dropped.stderr]).toEqual([
      1,
      expect.stringContaining("would drop what holds data or belongs to it: nats; allowed"),
    ]);
    project.configure({ ...SETTINGS, exporters: { nats: false } });
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    expect(Object.keys(await containers(STACK))).not.toContain(name("nats-exporter"));
    await expect
      .poll(async () => Object.keys(await api.targets()), { timeout: 60_000, interval: 1000 })
      .not.toContain("nats-exporter");
    expect(await docker("exec", name("prometheus"), "cat", "/etc/prometheus/rules.yml")).not.toContain("Nats");
    await expect(dashboardQueries(project, PORT, "apprun-nats")).rejects.toThrow();
    expect(await nats(`$JS.API.STREAM.INFO.${STREAM}`, {})).toMatchObject({ state: { messages: 1 } });
  });

  it("goes when the operator says so, and leaves its volume", async () => {
    project.configure({ ...SETTINGS, nats: { enabled: false } });
    expect((await project.cli(["up", "--forget-data"])).code).toBe(2);
    const { code, stderr } = await project.cli(["up", "--forget-data", "--confirm", STACK]);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`left where they are: ${name("nats")}; to delete them: docker volume rm ${name("nats")}`);
    expect(Object.keys(await containers(STACK))).not.toContain(name("nats"));
    expect((await docker("volume", "ls", "--quiet", "--filter", `name=^${name("nats")}$`)).trim()).toBe(name("nats"));
  });

  it("comes back with the stream and its event when the operator says so, under a new password", async () => {
    const made = await docker("volume", "inspect", name("nats"));
    project.configure(SETTINGS);
    const refused = await project.cli(["up"]);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(new RegExp(`did not make: ${name("nats")}; .* npm run up -- --take-data`)),
    ]);
    expect((await project.cli(["up", "--take-data"])).code).toBe(2);
    const { code, stderr } = await project.cli(["up", "--take-data", "--confirm", STACK]);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`taken up: ${name("nats")}\n`);
    expect(await docker("volume", "inspect", name("nats"))).toBe(made);
    expect(await nats(`$JS.API.STREAM.INFO.${STREAM}`, {})).toMatchObject({ state: { messages: 1, last_seq: 1 } });
    expect(await nats("orders.new", { id: 43 })).toMatchObject({ stream: STREAM, seq: 2 });
  });

  it("is the stack's again: a second up changes nothing, and nothing drops it in silence", async () => {
    const again = await project.cli(["up", "--take-data"]);
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
    expect(again.stderr).toContain("--take-data: there is no data that the state does not know\n");
    project.configure({ ...SETTINGS, nats: { enabled: false } });
    expect((await project.cli(["up"])).stderr).toContain("would drop what holds data or belongs to it: nats; allowed");
  });
});

/** A request as a client of NATS makes it, from the app's own container with the app's own password. */
async function nats(subject: string, body: object): Promise<unknown> {
  const payload = JSON.stringify(body);
  const url = new URL((await docker("exec", name("apprun"), "sh", "-c", 'cat "$PUBSUB_NATS_URL_FILE"')).trim());
  const connect = JSON.stringify({ verbose: false, user: url.username, pass: url.password });
  const answer = await session(`CONNECT ${connect}`, "SUB inbox 1", `PUB ${subject} inbox ${payload.length}`, payload);
  const reply = /^MSG inbox 1 \d+\r\n(.*)\r$/m.exec(answer)?.[1];
  if (reply === undefined) throw new Error(`no reply to ${subject}: ${answer}`);
  return JSON.parse(reply);
}

/** What the server answers within a second; curl alone would stay until the server calls the connection stale. */
function session(...lines: readonly string[]): Promise<string> {
  const text = lines.map((line) => `${line}\\r\\n`).join("");
  return docker(
    "exec",
    name("apprun"),
    "sh",
    "-c",
    `(printf '${text}'; sleep 1) | curl -s --max-time 2 telnet://nats:4222 || true`,
  );
}
