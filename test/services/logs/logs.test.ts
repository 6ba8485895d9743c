import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { findingsOf } from "../../../cli/kit/policies.ts";
import type { Recording } from "../../../cli/kit/record.ts";
import { budget } from "../../../components/stack/budget.ts";
import { CATALOGUE } from "../../../components/services/catalogue.ts";
import type { RecordedContainer } from "../../../components/platform/docker/container-args.ts";
import { LEVEL_IN_TEXT, LEVEL_TEMPLATE, LOG_LEVELS } from "../../../components/services/logs/log-levels.ts";
import { lokiConfiguration } from "../../../components/services/logs/loki.ts";
import type { Stack } from "../../../components/stack/stack.ts";
import { recordedFiles } from "../../support/record/monitoring.ts";
import { fromDocker, fromKubernetes } from "../../support/record/parity.ts";
import { inputsOf, settingsOf, stackOf } from "../../support/record/stacks.ts";

const LOGS = { logs: { enabled: true, retention: "72h" } };
const CONTAINER = "docker:index/container:Container";
const container = (recording: Recording<Stack>, name: string) =>
  inputsOf<RecordedContainer>(recording, CONTAINER, name);
const configuration = (recording: Recording<Stack>) =>
  container(recording, "alloy").uploads?.find(({ file }) => file.endsWith(".alloy"))?.content ?? "";

it("Loki keeps lines for the retention, for one tenant, with three labels, and tells nobody outside", () => {
  expect(parse(lokiConfiguration({ directory: "/data/loki", retention: "72h" }))).toMatchObject({
    auth_enabled: false,
    analytics: { reporting_enabled: false },
    common: { path_prefix: "/data/loki", storage: { filesystem: { chunks_directory: "/data/loki/chunks" } } },
    compactor: { retention_enabled: true },
    limits_config: {
      retention_period: "259200s",
      reject_old_samples_max_age: "259200s",
      max_label_names_per_series: 3,
      max_global_streams_per_user: 500,
      discover_service_name: [],
      discover_log_levels: false,
    },
  });
});

describe("the level of a line of text", () => {
  const find = (line: string) =>
    new RegExp(LEVEL_IN_TEXT.replace("(?i)", "").replace("?P<", "?<"), "i").exec(line)?.groups?.["text_level"];

  it.each([
    ["2026-11-21 14:00:00.000 UTC [1] FATAL:  terminating", "FATAL"],
    ["ts=2026-11-21T14:00:00Z level=warn msg=x", "warn"],
    ['level="error" msg=x', "error"],
    ["[1] 2026/11/21 14:00:00.000000 [INF] Starting nats-server", "INF"],
    ["plain text about an error", undefined],
    ["[erroneous] text", undefined],
  ])("%s", (line, expected) => {
    expect(find(line)).toBe(expected);
  });

  it("is one of six, whatever the word", () => {
    expect(LOG_LEVELS).toEqual(["debug", "info", "warn", "error", "fatal", "unknown"]);
    const values = [...LEVEL_TEMPLATE.matchAll(/\}\}(\w+)\{\{/g)].map(([, value]) => value);
    expect(values).toEqual(LOG_LEVELS);
  });
});

describe("a stack with logs on a Docker host", () => {
  let docker: Recording<Stack>;
  beforeAll(async () => {
    docker = await stackOf(LOGS);
  });

  it("sends the lines of every container to the loopback and keeps a bounded copy, except for those of the collector and the store", () => {
    for (const { name, inputs } of docker.resources.filter(({ type }) => type === CONTAINER)) {
      const { logDriver, logOpts } = inputs as RecordedContainer;
      if (name === "loki" || name === "alloy")
        expect({ logDriver, logOpts }).toEqual({
          logDriver: "json-file",
          logOpts: { "max-size": "10m", "max-file": "3" },
        });
      else
        expect({ logDriver, logOpts }, name).toEqual({
          logDriver: "gelf",
          logOpts: {
            "gelf-address": "udp://127.0.0.1:8000",
            "gelf-compression-type": "none",
            labels: "io.apprun.service",
            "cache-max-size": "10m",
            "cache-max-file": "3",
            mode: "non-blocking",
            "max-buffer-size": "1m",
          },
        });
    }
  });

  it("takes them on that port alone, which the model shows", () => {
    expect(container(docker, "alloy").ports).toEqual([
      { internal: 12201, external: 8000, ip: "127.0.0.1", protocol: "udp" },
    ]);
    expect(container(docker, "loki").ports ?? []).toEqual([]);
    const { ports } = docker.result.inventory.workloads.find(({ name }) => name === "alloy") ?? { ports: [] };
    expect(ports).toContainEqual({ name: "gelf", port: 12201, exposure: "loopback", listens: "127.0.0.1:8000/udp" });
  });

  it.each<[Record<string, unknown>, string, number]>([
    [{ proxy: { bind: "public" } }, "dev", 18_000],
    [{ proxy: { port: 9000 } }, "dev", 9000],
    [{ logs: { enabled: true, port: 12_201 } }, "dev", 12_201],
    [{}, "pr-7", 10_007],
  ])("whose number is the stack's own: %j in %s", (values, stack, expected) => {
    expect(settingsOf({ ...LOGS, ...values }, stack).logs.port).toBe(expected);
  });

  it("names the service of each line, gives it a level and drops every other label", () => {
    const text = configuration(docker);
    expect(text).toContain('listen_address         = "0.0.0.0:12201"');
    expect(text).toContain(String.raw`expressions = {line = "short_message", service = "\"_io.apprun.service\""}`);
    expect(text).toContain('values = ["service", "level"]');
    expect(text).toContain('external_labels = {stack = "dev"}');
    expect(text).not.toContain("kubernetes");
  });

  it("lets nobody wait for either, and nobody reach the store but the collector, Grafana and Prometheus", () => {
    const { workloads } = docker.result.inventory;
    expect(workloads.flatMap(({ startsAfter }) => startsAfter.map(({ name }) => name))).not.toContain("alloy");
    expect(workloads.flatMap(({ startsAfter }) => startsAfter.map(({ name }) => name))).not.toContain("loki");
    const clients = workloads.filter(({ connectsTo }) => connectsTo.includes("loki")).map(({ name }) => name);
    expect(clients.sort()).toEqual(["alloy", "grafana", "prometheus"]);
  });

  it("runs them as users of their own, with no rights and nothing of the host", () => {
    for (const [name, { uid, gid }] of [
      ["loki", CATALOGUE.loki],
      ["alloy", CATALOGUE.alloy],
    ] as const)
      expect(container(docker, name), name).toMatchObject({ user: `${uid}:${gid}`, capabilities: { drops: ["ALL"] } });
    expect(container(docker, "alloy").volumes).toEqual([]);
    expect(container(docker, "loki").volumes).toEqual([
      { volumeName: "apprun-dev-loki", containerPath: "/tmp", readOnly: false },
    ]);
  });

  it("keeps the store on a protected volume that backups leave out", () => {
    expect(
      docker.resources.find(({ type, name }) => type === "docker:index/volume:Volume" && name === "loki"),
    ).toMatchObject({ protect: true });
    expect((container(docker, "backup").volumes ?? []).map(({ volumeName }) => volumeName)).not.toContain(
      "apprun-dev-loki",
    );
  });

  it("breaks no policy that it kept before", async () => {
    const plain = await stackOf({});
    expect(findingsOf({ stack: "dev", settings: settingsOf(LOGS), recording: docker })).toEqual(
      findingsOf({ stack: "dev", settings: settingsOf({}), recording: plain }),
    );
  });

  it("has a data source, a dashboard, alerts and a place in the budget", async () => {
    const files = await recordedFiles(LOGS);
    const { datasources } = parse(files("grafana").get("/etc/grafana/provisioning/datasources/apprun.yml") ?? "") as {
      datasources: object[];
    };
    expect(datasources).toContainEqual({
      name: "Loki",
      uid: "loki",
      type: "loki",
      access: "proxy",
      url: "http://loki:3100",
      editable: false,
    });
    expect(files("grafana").has("/etc/grafana/dashboards/apprun-logs.json")).toBe(true);
    expect(files("prometheus").get("/etc/prometheus/rules.yml")).toContain("LogStorageNearLimit");
    const rows = budget(settingsOf(LOGS));
    expect(rows.find(({ service }) => service === "loki")).toMatchObject({ memory: 512, disk: 5120 });
    expect(rows.find(({ service }) => service === "alloy")).toMatchObject({ memory: 256, disk: 0 });
  });
});

describe("a stack with logs on Kubernetes", () => {
  let kubernetes: Recording<Stack>;
  beforeAll(async () => {
    kubernetes = await stackOf({ ...LOGS, platform: "kubernetes" });
  });

  it("may read the pods of its namespace and what they print, and nothing more", () => {
    const role = inputsOf<{ rules: object[] }>(kubernetes, "kubernetes:rbac.authorization.k8s.io/v1:Role", "alloy");
    expect(role.rules).toEqual([{ apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get", "list", "watch"] }]);
    expect(kubernetes.resources.filter(({ type }) => type.endsWith(":ClusterRole"))).toEqual([]);
    expect(JSON.stringify(kubernetes.resources)).not.toContain("hostPath");
  });

  it("asks the API server for the pods whose lines are collected, and has no port for datagrams", () => {
    const files = inputsOf<{ data: Record<string, string> }>(
      kubernetes,
      "kubernetes:core/v1:ConfigMap",
      "alloy-files",
    ).data;
    const text = Object.values(files).join("");
    expect(text).toContain('names = ["apprun-dev"]');
    expect(text).toContain('label = "apprun.io/logs!=local"');
    expect(text).toContain('source_labels = ["__meta_kubernetes_pod_label_app_kubernetes_io_name"]');
    expect(text).not.toContain("gelf");
    expect(kubernetes.result.inventory.workloads.find(({ name }) => name === "alloy")?.ports).toEqual([
      { name: "http", port: 12345, exposure: "internal" },
    ]);
    const marked = kubernetes.resources
      .filter(({ inputs }) => JSON.stringify(inputs).includes('"apprun.io/logs":"local"'))
      .map(({ name }) => name);
    expect(marked.sort()).toEqual(["alloy", "loki"]);
  });

  it("lets the collector reach the store and the API server, and nobody reach it but Prometheus", () => {
    const policy = inputsOf<{ spec: { ingress: object[]; egress: object[] } }>(
      kubernetes,
      "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      "alloy",
    );
    expect(policy.spec.ingress).toEqual([
      {
        from: [{ podSelector: { matchLabels: { "client.apprun.io/alloy-http": "true" } } }],
        ports: [{ protocol: "TCP", port: 12345 }],
      },
    ]);
    expect(policy.spec.egress).toMatchObject([
      {
        to: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "loki" } } }],
        ports: [{ protocol: "TCP", port: 3100 }],
      },
      {
        to: expect.arrayContaining([{ ipBlock: { cidr: "10.0.0.0/8" } }]) as object[],
        ports: [{ port: 443 }, { port: 6443 }],
      },
    ]);
  });

  it("stores them as a Docker host does", async () => {
    const docker = await stackOf(LOGS);
    const controller = kubernetes.resources.find(({ type, name }) => name === "loki" && type.endsWith(":StatefulSet"));
    const [ours, theirs] = [
      fromDocker(container(docker, "loki"), "apprun-dev-"),
      fromKubernetes(controller!, kubernetes.resources),
    ];
    // A file cannot be copied into a container whose root is read-only; a pod drains before it stops.
    expect({ ...theirs, readOnlyRoot: false, stopSeconds: 30 }).toEqual(ours);
  });
});

it("a stack that does not switch it on has nothing of it", async () => {
  const recording = await stackOf({});
  expect(JSON.stringify(recording.resources)).not.toMatch(/loki|alloy|gelf/i);
});
