import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changedContainers, containers, docker, get, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { expectData, MonitoringApi } from "../support/e2e/prometheus.ts";
import { dashboardQueries } from "../support/e2e/grafana.ts";
import { getAsOperator } from "../support/e2e/operators.ts";

const STACK = "pr-703";
const PORT = 10_703;
const HOST = `${STACK}.localhost`;
const SETTINGS = {
  ...SMALL,
  temporal: { enabled: false },
  tracing: { enabled: true, sampling: 100, storage: "200Mi" },
};
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

const name = (service: string) => `apprun-${STACK}-${service}`;
const project = new TestProject(STACK, SETTINGS);
const api = new MonitoringApi(project, PORT, HOST);

describe("traces on a real Docker Engine, with the real Jaeger", () => {
  beforeAll(() => wipe(STACK));
  afterAll(() => wipe(STACK));

  it("takes the app's spans where the app is told to send them, and shows them by name", async () => {
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    await project.rememberSalt();
    await send(TRACE);
    await expect.poll(() => operations(TRACE), { timeout: 30_000, interval: 1000 }).toEqual(["GET /items"]);
    expect(JSON.parse((await jaeger("/api/services")).body)).toMatchObject({ data: ["apprun"] });
  });

  it("takes the older form too, on the address that apprun's reference names", async () => {
    // An empty batch of Thrift: a structure that ends at once lacks the process, so the answer names that.
    const answer = await inApp(
      `printf '\\0' | curl -s -H 'Content-Type: application/x-thrift' --data-binary @- "$OTEL_EXPORTER_JAEGER_ENDPOINT"`,
    );
    expect(answer).toMatch(/Unable to process request body: .*Process/i);
  });

  it("is scraped, and every query of its dashboard has data", async () => {
    await expect.poll(async () => (await api.targets())["jaeger"], { timeout: 60_000, interval: 1000 }).toBe("up");
    const queries = await dashboardQueries(project, PORT, "apprun-tracing");
    expect(queries.length).toBeGreaterThan(5);
    await expectData((expr) => api.query(expr), queries);
    expect(await api.brokenRules()).toEqual([]);
  });

  it("keeps traces through a restart, and the app goes on without it", async () => {
    await docker("stop", "--time", "30", name("jaeger"));
    expect((await get(PORT, HOST, "/health")).status).toBe(200);
    await docker("start", name("jaeger"));
    await expect
      .poll(() => operations(TRACE).catch(() => []), { timeout: 60_000, interval: 1000 })
      .toEqual(["GET /items"]);
  });

  it("changes nothing in a second up", async () => {
    await expect.poll(async () => (await project.cli(["status"])).code, { timeout: 90_000, interval: 2000 }).toBe(0);
    const before = await containers(STACK);
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    expect(changedContainers(before, await containers(STACK))).toEqual([]);
  });

  it("switched off is gone with its target, alerts, dashboard, route and volume", async () => {
    project.configure({ ...SETTINGS, tracing: { enabled: false } });
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    expect(Object.keys(await containers(STACK))).not.toContain(name("jaeger"));
    expect(await docker("volume", "ls", "-q", "--filter", `name=${name("jaeger")}`)).toBe("");
    await expect
      .poll(async () => Object.keys(await api.targets()), { timeout: 60_000, interval: 1000 })
      .not.toContain("jaeger");
    expect(await docker("exec", name("prometheus"), "cat", "/etc/prometheus/rules.yml")).not.toContain("Jaeger");
    expect((await jaeger("/")).status).toBe(404);
    await expect(dashboardQueries(project, PORT, "apprun-tracing")).rejects.toThrow();
  });
});

/** Runs a line of shell in the app's own container. */
function inApp(line: string): Promise<string> {
  return docker("exec", name("apprun"), "sh", "-c", line);
}

/** One span of a request, as an SDK would send it. */
async function send(traceId: string): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const span = {
    traceId,
    spanId: "00f067aa0ba902b7",
    name: "GET /items",
    kind: 2,
    startTimeUnixNano: `${now}000000000`,
    endTimeUnixNano: `${now}250000000`,
  };
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "apprun" } }] };
  const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] });
  const answer = await inApp(
    `curl -sf -H 'Content-Type: application/json' --data '${body}' "$OTEL_EXPORTER_OTLP_ENDPOINT/v1/traces"`,
  );
  expect(answer).toBe('{"partialSuccess":{}}');
}

function jaeger(path: string): Promise<{ status: number; body: string }> {
  return getAsOperator(project, PORT, `jaeger.${HOST}`, path);
}

async function operations(traceId: string): Promise<readonly string[]> {
  const { body } = await jaeger(`/api/traces/${traceId}`);
  return (JSON.parse(body) as { data: { spans: { operationName: string }[] }[] }).data.flatMap(({ spans }) =>
    spans.map(({ operationName }) => operationName),
  );
}
