import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ARROWS, OPTIONAL_ARROWS } from "../support/record/arrows.ts";
import {
  hasCluster,
  ingressAddress,
  kubectl,
  LITTLE,
  pods,
  psqlIn,
  SMALL_CLUSTER,
  wipeCluster,
} from "../support/e2e/cluster.ts";
import { ConstantLoad } from "../support/e2e/constant-load.ts";
import { get, SMALL, TestProject } from "../support/e2e/e2e.ts";
import { connections } from "../support/e2e/probe-pods.ts";
import { askPrometheusIn } from "../support/e2e/prometheus.ts";

const STACK = "pr-911";
const NAMESPACE = `apprun-${STACK}`;
const HOST = `${STACK}.localhost`;
const SETTINGS = {
  ...SMALL_CLUSTER,
  app: { ...SMALL.app, replicas: 2, readyTimeout: "60s" },
  temporal: { resources: LITTLE },
  prometheus: { ...SMALL.prometheus, resources: LITTLE },
  nats: { enabled: true, resources: LITTLE },
  // cluster-metrics.test.ts runs it.
  exporters: { kubernetes: false },
};
const inNamespace = (...args: string[]) => kubectl("--namespace", NAMESPACE, ...args);
const sql = (statement: string) => psqlIn(NAMESPACE, statement);
const unchanged = /(\d+) unchanged/;

describe.skipIf(!(await hasCluster()))("a stack on a real cluster (skipped without one)", () => {
  const project = new TestProject(STACK, SETTINGS);
  const up = () => project.cli(["up"]);
  let address = "";

  beforeAll(() => wipeCluster(NAMESPACE));
  afterAll(() => wipeCluster(NAMESPACE));

  it("comes up healthy, and its app answers through the cluster's own ingress", async () => {
    const { code, stdout, stderr } = await up();
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/apprun +healthy +http:\/\/pr-911\.localhost\//);
    expect(stdout).not.toMatch(/starting|missing|failed/);
    address = await ingressAddress();
    expect((await get(80, HOST, "/health", { address })).status).toBe(200);
    await sql("CREATE TABLE kept (id int); INSERT INTO kept VALUES (42)");
  });

  it("changes nothing on a second up, and a refresh finds nothing changed", async () => {
    await project.rememberSalt();
    const { code, stderr } = await up();
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(unchanged);
    expect(stderr).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
    const refreshed = await project.pulumi(["refresh", "--preview-only", "--expect-no-changes", "--non-interactive"]);
    expect(refreshed.code, refreshed.stdout + refreshed.stderr).toBe(0);
  });

  it("gives status and credentials in the same form as a Docker host", async () => {
    const { code, stdout } = await project.cli(["status", "--json"]);
    expect(code).toBe(0);
    const { services } = JSON.parse(stdout) as { services: { service: string; state: string; credentials: string }[] };
    expect(services.find(({ service }) => service === "postgres")).toMatchObject({
      state: "healthy",
      credentials: "npm run credentials -- postgres --stack pr-911",
    });
    expect((await project.cli(["credentials", "cache"])).stdout).toMatch(
      /^username: default\npassword: [A-Za-z0-9]{32}\n$/,
    );
  });

  it("scrapes every replica and every other target", async () => {
    await expect
      .poll(
        async () => {
          const answer = await askPrometheusIn<{ activeTargets: { scrapePool: string; health: string }[] }>(
            NAMESPACE,
            "targets",
          );
          return answer.activeTargets.map(({ scrapePool, health }) => `${scrapePool} ${health}`).sort();
        },
        { timeout: 90_000, interval: 3000 },
      )
      .toEqual([
        "alertmanager up",
        "apprun up",
        "apprun up",
        "cache-exporter up",
        "grafana up",
        "kratos up",
        "nats-exporter up",
        "postgres-exporter up",
        "prometheus up",
        "temporal up",
      ]);
  });

  it("lets through the arrows of the model and nothing else, tried from a pod with each one's labels", async () => {
    const { open, closed } = await connections(project, NAMESPACE);
    const core = ARROWS.filter((arrow) => !arrow.includes("kube-state-metrics"));
    const events = OPTIONAL_ARROWS.filter((arrow) => /^(apprun|nats-exporter) -> nats|-> nats-exporter/.test(arrow));
    expect(open).toEqual([...core, ...events].sort());
    console.log(`${open.length} connections of the model open, ${closed.length} others to listening ports closed`);
    expect(closed.length).toBeGreaterThanOrEqual(200);
  });

  it("rolls only the consumer of a changed file", async () => {
    const before = await pods(NAMESPACE);
    project.configure({ ...SETTINGS, app: { ...SETTINGS.app, config: { greeting: "hello" } } });
    const { code, stderr } = await up();
    expect(code, stderr).toBe(0);
    const after = await pods(NAMESPACE);
    const kept = Object.keys(before).filter((name) => name in after && before[name] === after[name]);
    expect(
      Object.keys(before)
        .filter((name) => !kept.includes(name))
        .every((name) => name.startsWith("apprun-")),
    ).toBe(true);
    expect(
      Object.keys(before)
        .filter((name) => name.startsWith("apprun-"))
        .some((name) => kept.includes(name)),
    ).toBe(false);
  });

  it("fails an update to a broken image with the reason and its log, while the old pods lose no request", async () => {
    const before = await pods(NAMESPACE, "app.kubernetes.io/name=apprun");
    project.configure({
      ...SETTINGS,
      app: { ...SETTINGS.app, readyTimeout: "20s" },
      images: { pins: { ...SETTINGS.images.pins, apprun: { tag: "broken" } } },
    });
    const load = new ConstantLoad({ health: [HOST, "/health"] }, { address, clients: 4 });
    const { code, stderr } = await up();
    const { sent, failed } = (await load.stop())["health"]!;
    expect(code).toBe(1);
    expect(stderr).toMatch(/apprun \(pods of deployment\/apprun\) (is|ends) \S+/);
    expect(stderr).toContain("its log says:");
    expect(sent).toBeGreaterThan(200);
    expect(failed, `of ${sent}`).toBe(0);
    expect(Object.keys(await pods(NAMESPACE, "app.kubernetes.io/name=apprun"))).toEqual(
      expect.arrayContaining(Object.keys(before)),
    );
  });

  it("is healed by the settings from before, and rolls to another version without losing a request", async () => {
    project.configure(SETTINGS);
    expect((await up()).code).toBe(0);
    project.configure({ ...SETTINGS, images: { pins: { ...SETTINGS.images.pins, apprun: { tag: "1.1.0" } } } });
    const load = new ConstantLoad({ health: [HOST, "/health"] }, { address, clients: 4 });
    const { code, stderr } = await up();
    const { sent, failed } = (await load.stop())["health"]!;
    expect(code, stderr).toBe(0);
    expect(failed, `of ${sent}`).toBe(0);
  });

  it("loses no data when its database's pod is deleted, nor when its node is drained", async () => {
    await inNamespace("delete", "pod", "postgres-0");
    await inNamespace("rollout", "status", "statefulset/postgres", "--timeout=180s");
    expect((await sql("SELECT id FROM kept")).trim()).toBe("42");
    const node = (await kubectl("get", "nodes", "--output", "jsonpath={.items[0].metadata.name}")).trim();
    const selector = `app.kubernetes.io/instance=${NAMESPACE},app.kubernetes.io/component=data`;
    try {
      await kubectl(
        "drain",
        node,
        "--delete-emptydir-data",
        "--ignore-daemonsets",
        `--pod-selector=${selector}`,
        "--timeout=180s",
      );
    } finally {
      await kubectl("uncordon", node);
    }
    for (const name of ["postgres", "cache"])
      await inNamespace("rollout", "status", `statefulset/${name}`, "--timeout=180s");
    expect((await sql("SELECT id FROM kept")).trim()).toBe("42");
  });

  it("refuses what would lose data or find another cluster, before any change", async () => {
    const postgres = { ...SETTINGS.postgres, storage: "100Mi" };
    project.configure({ ...SETTINGS, postgres });
    const shrunk = await up();
    expect([shrunk.code, shrunk.stderr]).toEqual([
      1,
      expect.stringContaining(
        "volume postgres-17: got 100Mi; allowed: at least 200Mi, which it has: a volume cannot shrink; raise it",
      ),
    ]);
    project.configure({ ...SETTINGS, kubernetes: { storageClass: "nowhere" } });
    const noClass = await up();
    expect([noClass.code, noClass.stderr]).toEqual([
      1,
      expect.stringContaining('kubernetes.storageClass: got "nowhere", which the cluster does not have'),
    ]);
    expect(noClass.stderr).toContain(
      "volume postgres-17: got class nowhere; allowed: apprun-pr-911-data, which it has",
    );
    project.configure({ ...SETTINGS, kubernetes: { context: "elsewhere" } });
    const context = await up();
    expect([context.code, context.stderr]).toEqual([
      2,
      expect.stringContaining('kubernetes.context: got "elsewhere"; allowed: '),
    ]);
    project.configure({ ...SETTINGS, postgres: { ...SETTINGS.postgres, mode: "operator" } });
    const operator = await up();
    expect([operator.code, operator.stderr]).toEqual([
      1,
      expect.stringContaining("postgres.mode operator: the cluster has no clusters.postgresql.cnpg.io"),
    ]);
    project.configure(SETTINGS);
    expect((await sql("SELECT id FROM kept")).trim()).toBe("42");
  });

  it("refuses a clone without the state", async () => {
    const clone = new TestProject(STACK, SETTINGS, "pr-911-clone");
    const { code, stderr } = await clone.cli(["up"]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      "there are data volumes that this state did not make: postgres-17, cache, nats, apprun-storage, grafana, prometheus",
    );
  });

  it("keeps its data through a destroy, and the next up finds it", async () => {
    const destroyed = await project.cli(["destroy"]);
    expect(destroyed.code, destroyed.stderr).toBe(0);
    expect(await pods(NAMESPACE)).toEqual({});
    expect((await inNamespace("get", "persistentvolumeclaims", "--output", "name")).trim().split("\n")).toHaveLength(6);
    const { code, stderr } = await up();
    expect(code, stderr).toBe(0);
    expect((await sql("SELECT id FROM kept")).trim()).toBe("42");
  });

  it("takes the data away only when told so by name", async () => {
    const unsure = await project.cli(["destroy", "--remove-data"]);
    expect(unsure.code).toBe(2);
    const { code, stderr } = await project.cli(["destroy", "--remove-data", "--confirm", STACK]);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("removed 7 data volumes");
    await expect
      .poll(() => kubectl("get", "persistentvolumes", "--output", "jsonpath={.items[*].spec.claimRef.namespace}"), {
        timeout: 60_000,
      })
      .not.toContain(NAMESPACE);
    await expect(kubectl("get", "namespace", NAMESPACE)).rejects.toThrow("not found");
  });
});
