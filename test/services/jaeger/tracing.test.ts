import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Recording } from "../../../cli/kit/record.ts";
import { budget } from "../../../components/stack/budget.ts";
import type { RecordedContainer } from "../../../components/platform/docker/container-args.ts";
import { jaegerConfiguration } from "../../../components/services/jaeger/jaeger.ts";
import type { Stack } from "../../../components/stack/stack.ts";
import { recordedFiles } from "../../support/record/monitoring.ts";
import { fromDocker, fromKubernetes } from "../../support/record/parity.ts";
import { inputsOf, settingsOf, stackOf } from "../../support/record/stacks.ts";

const TRACING = { tracing: { enabled: true, sampling: 25 } };
const container = (recording: Recording<Stack>, name: string) =>
  inputsOf<RecordedContainer>(recording, "docker:index/container:Container", name);

it("spans are refused at four fifths of the memory, batched, and kept for the retention", () => {
  const { service, processors, extensions, receivers } = parse(
    jaegerConfiguration({ directory: "/data", retention: "3d", memory: "1000Mi" }),
  ) as {
    service: { pipelines: { traces: { receivers: string[]; processors: string[] } } };
    processors: Record<string, object>;
    receivers: object;
    extensions: { jaeger_storage: { backends: { badger: { badger: object } } } };
  };
  expect(service.pipelines.traces).toMatchObject({
    receivers: ["otlp", "jaeger"],
    processors: ["memory_limiter", "batch"],
  });
  expect(processors["memory_limiter"]).toEqual({ check_interval: "1s", limit_mib: 800 });
  expect(receivers).toEqual({
    otlp: { protocols: { http: { endpoint: "0.0.0.0:4318" } } },
    jaeger: { protocols: { thrift_http: { endpoint: "0.0.0.0:14268" } } },
  });
  expect(extensions.jaeger_storage.backends.badger.badger).toMatchObject({
    ephemeral: false,
    ttl: { spans: "259200s" },
    directories: { keys: "/data/jaeger/keys", values: "/data/jaeger/values" },
  });
});

describe("a stack with tracing", () => {
  let docker: Recording<Stack>;
  beforeAll(async () => {
    docker = await stackOf(TRACING);
  });

  it("tells the app by OpenTelemetry's variables and by the one of apprun's reference", () => {
    expect(container(docker, "apprun").envs?.filter((line) => line.startsWith("OTEL_"))).toEqual([
      "OTEL_EXPORTER_JAEGER_ENDPOINT=http://jaeger:14268/api/traces",
      "OTEL_EXPORTER_OTLP_ENDPOINT=http://jaeger:4318",
      "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
      "OTEL_LOGS_EXPORTER=none",
      "OTEL_METRICS_EXPORTER=none",
      "OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=dev",
      "OTEL_SERVICE_NAME=apprun",
      "OTEL_TRACES_EXPORTER=otlp",
      "OTEL_TRACES_SAMPLER=parentbased_traceidratio",
      "OTEL_TRACES_SAMPLER_ARG=0.25",
    ]);
  });

  it("lets the app start without it, and nobody else send or ask but Grafana and Prometheus", () => {
    const { workloads } = docker.result.inventory;
    expect(workloads.find(({ name }) => name === "apprun")?.startsAfter.map(({ name }) => name)).not.toContain(
      "jaeger",
    );
    const clients = workloads.filter(({ connectsTo }) => connectsTo.includes("jaeger")).map(({ name }) => name);
    expect(clients.sort()).toEqual(["apprun", "grafana", "prometheus"]);
  });

  it("shows its pages to the team only, and has no port on the host", () => {
    expect(container(docker, "jaeger").ports ?? []).toEqual([]);
    expect(docker.result.urls["jaeger"]).toBe("http://jaeger.dev.localhost:8000/");
    expect(docker.result.pages["jaeger"]).toBe("jaeger");
  });

  it("has a data source, a dashboard, alerts and a place in the budget", async () => {
    const files = await recordedFiles(TRACING);
    const { datasources } = parse(files("grafana").get("/etc/grafana/provisioning/datasources/apprun.yml") ?? "") as {
      datasources: object[];
    };
    expect(datasources).toContainEqual({
      name: "Jaeger",
      uid: "jaeger",
      type: "jaeger",
      access: "proxy",
      url: "http://jaeger:16686",
      editable: false,
    });
    expect(files("grafana").has("/etc/grafana/dashboards/apprun-tracing.json")).toBe(true);
    expect(files("prometheus").get("/etc/prometheus/rules.yml")).toContain("TraceStorageNearLimit");
    expect(budget(settingsOf(TRACING)).find(({ service }) => service === "jaeger")).toMatchObject({
      memory: 1024,
      disk: 5120,
    });
  });

  it("is the same on Kubernetes", async () => {
    const kubernetes = await stackOf({ ...TRACING, platform: "kubernetes" });
    const controller = kubernetes.resources.find(
      ({ type, name }) => name === "jaeger" && type.endsWith(":StatefulSet"),
    );
    const [ours, theirs] = [
      fromDocker(container(docker, "jaeger"), "apprun-dev-"),
      fromKubernetes(controller!, kubernetes.resources),
    ];
    // A file cannot be copied into a container whose root is read-only; a pod drains before it stops; the kubelet asks itself.
    expect({ ...theirs, readOnlyRoot: false, stopSeconds: 30, probe: "" }).toEqual({ ...ours, probe: "" });
    expect(ours.probe.endsWith(theirs.probe)).toBe(true);
  });
});

it("a stack that does not switch it on has nothing of it but the certificate's name", async () => {
  const recording = await stackOf({});
  expect(JSON.stringify(recording.resources)).not.toMatch(/jaeger|OTEL_/);
});
