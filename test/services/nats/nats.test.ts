import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../../cli/kit/record.ts";
import { budget } from "../../../components/stack/budget.ts";
import { physicalName } from "../../../components/model/identity.ts";
import type { RecordedContainer } from "../../../components/platform/docker/container-args.ts";
import { natsConfiguration } from "../../../components/services/nats/nats.ts";
import type { Stack } from "../../../components/stack/stack.ts";
import { recordedFiles } from "../../support/record/monitoring.ts";
import { fromDocker, fromKubernetes } from "../../support/record/parity.ts";
import { inputsOf, settingsOf, stackOf } from "../../support/record/stacks.ts";

const NATS = { nats: { enabled: true } };
const CONTAINER = "docker:index/container:Container";
const container = (recording: Recording<Stack>, name: string) =>
  inputsOf<RecordedContainer>(recording, CONTAINER, name);
const workload = ({ result }: Recording<Stack>, name: string) =>
  result.inventory.workloads.find((found) => found.name === name);

it("streams may fill nine tenths of the volume and a quarter of the memory, and the users come from a secret file", () => {
  expect(natsConfiguration({ directory: "/data", storage: "1Gi", memory: "100Mi" })).toBe(
    [
      "server_name: nats",
      "listen: 0.0.0.0:4222",
      "http: 0.0.0.0:8222",
      "jetstream {",
      '  store_dir: "/data"',
      `  max_file_store: ${921 * 1024 * 1024}`,
      `  max_memory_store: ${25 * 1024 * 1024}`,
      "}",
      'include "../../run/secrets/nats-auth.conf"',
      "",
    ].join("\n"),
  );
});

describe("a stack with NATS", () => {
  let docker: Recording<Stack>;
  beforeAll(async () => {
    docker = await stackOf(NATS);
  });

  it("tells the app by the variables of apprun's reference, the password as a file", () => {
    const { envs = [], uploads = [] } = container(docker, "apprun");
    expect(envs).toContain("PUBSUB_BACKEND=nats");
    expect(envs).toContain("PUBSUB_NATS_URL_FILE=/run/secrets/nats-url");
    expect(uploads.find(({ file }) => file === "/run/secrets/nats-url")?.content).toMatch(
      /nats:\/\/apprun:.+@nats:4222/,
    );
  });

  it("runs the server without root and capabilities, on a data volume, with no port on the host", () => {
    const server = container(docker, "nats");
    expect(server).toMatchObject({ user: "1000:1000", capabilities: { drops: ["ALL"] } });
    expect(server.ports ?? []).toEqual([]);
    expect(server.uploads?.map(({ file }) => file)).toEqual(["/etc/nats/nats.conf", "/run/secrets/nats-auth.conf"]);
    expect(inputsOf<{ name: string }>(docker, "docker:index/volume:Volume", "nats").name).toBe(
      physicalName(settingsOf({}).identity, "nats"),
    );
  });

  it("connects the app to events and the exporter to figures, and nobody else", () => {
    const clients = docker.result.inventory.workloads
      .filter(({ connectsTo }) => connectsTo.includes("nats"))
      .map(({ name }) => name);
    expect(clients.sort()).toEqual(["apprun", "nats-exporter"]);
    expect(workload(docker, "apprun")?.startsAfter).toContainEqual({ name: "nats", kind: "workload" });
  });

  it("is in the budget, in the credentials and on a dashboard of its own", async () => {
    expect(
      budget(settingsOf(NATS))
        .map(({ service }) => service)
        .filter((name) => name.startsWith("nats")),
    ).toEqual(["nats", "nats-exporter"]);
    expect(docker.result.credentials["nats"]?.username).toBe("apprun");
    const files = await recordedFiles(NATS);
    expect(files("grafana").has("/etc/grafana/dashboards/apprun-nats.json")).toBe(true);
    expect(files("prometheus").get("/etc/prometheus/rules.yml")).toContain("NatsStorageNearLimit");
  });

  it("without its exporter or without Prometheus has no alert of it", async () => {
    expect(
      (await recordedFiles({ ...NATS, exporters: { nats: false } }))("prometheus").get("/etc/prometheus/rules.yml"),
    ).not.toContain("Nats");
    expect(workload(await stackOf({ ...NATS, prometheus: { enabled: false } }), "nats-exporter")).toBeUndefined();
  });

  it("is the same on Kubernetes", async () => {
    const kubernetes = await stackOf({ ...NATS, platform: "kubernetes" });
    for (const name of ["nats", "nats-exporter"]) {
      const controller = kubernetes.resources.find(
        (found) => found.name === name && /:(StatefulSet|Deployment)$/.test(found.type),
      );
      const [ours, theirs] = [
        fromDocker(container(docker, name), "apprun-dev-"),
        fromKubernetes(controller!, kubernetes.resources),
      ];
      const { probe, stopSeconds: _ours, ...same } = ours;
      const { probe: path, stopSeconds: _theirs, ...other } = theirs;
      expect(other, name).toEqual(same);
      expect(probe.endsWith(path), name).toBe(true);
    }
  });
});

it("a stack that does not switch it on has nothing of it", async () => {
  const recording = await stackOf({});
  expect(JSON.stringify(recording.resources)).not.toMatch(/nats/i);
  expect(recording.result.credentials).not.toHaveProperty("nats");
});
