import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Project } from "../../../../cli/kit/project.ts";
import { KubernetesRuntime } from "../../../../cli/runtime/kubernetes/kubernetes-runtime.ts";
import { FakeKubernetesApi } from "../../../support/fakes/kubernetes-api.ts";
import { settingsOf, stackOf } from "../../../support/record/stacks.ts";

const NAMESPACE = "apprun-dev";
const SETTINGS = { platform: "kubernetes" };
const labelsOf = (name: string, instance = NAMESPACE) => ({
  "app.kubernetes.io/instance": instance,
  "app.kubernetes.io/name": name,
  "app.kubernetes.io/managed-by": "pulumi",
  "app.kubernetes.io/part-of": "apprun",
});
const claimOf = (storage: string, storageClassName = "apprun-dev-data") => ({
  spec: { storageClassName, resources: { requests: { storage } } },
});
const GRAFANA = {
  namespace: NAMESPACE,
  name: "grafana",
  component: "data",
  labels: labelsOf("grafana"),
  ...claimOf("1Gi"),
};

describe("data of the stack in a cluster", () => {
  const api = new FakeKubernetesApi();
  let runtime: KubernetesRuntime;
  let project: Project;

  beforeAll(async () => {
    runtime = new KubernetesRuntime({ content: await api.start(), context: undefined }, NAMESPACE);
    project = { directory: ".", stack: "dev", settings: settingsOf(SETTINGS), recording: await stackOf(SETTINGS) };
  });
  beforeEach(() => {
    api.claims.splice(0);
  });
  afterAll(() => {
    api.stop();
  });

  it("is what has the name of a data volume in its namespace, whatever else is there", async () => {
    const others = [
      { ...GRAFANA, name: "backup-tools", component: "cache" },
      { ...GRAFANA, name: "guest" },
    ];
    api.claims.push(GRAFANA, ...others, { ...GRAFANA, namespace: "elsewhere", name: "prometheus" });
    expect(await runtime.findData(project)).toEqual([{ id: "grafana" }]);
  });

  it("is its own where the cluster writes the size in another way", async () => {
    api.claims.push({ ...GRAFANA, ...claimOf("1024Mi") });
    expect(await runtime.findData(project)).toEqual([{ id: "grafana" }]);
  });

  it("is its own where the settings ask for a fraction, which the cluster writes in whole numbers", async () => {
    const values = { ...SETTINGS, grafana: { storage: "1.5Gi" } };
    api.claims.push({ ...GRAFANA, ...claimOf("1536Mi") });
    expect(await runtime.findData({ settings: settingsOf(values), recording: await stackOf(values) })).toEqual([
      { id: "grafana" },
    ]);
  });

  const LABELS = "it does not have the labels of a data volume of the stack";
  it.each<[string, object, string]>([
    ["no label", { labels: {} }, LABELS],
    ["another stack's", { labels: labelsOf("grafana", "apprun-prod") }, LABELS],
    ["another service's", { labels: labelsOf("nats") }, LABELS],
    ["that of what may be rebuilt", { component: "cache" }, LABELS],
    ["a deletion under way", { deletionTimestamp: "2026-11-21T02:30:00Z" }, "the cluster is deleting it"],
    ["another size", claimOf("512Mi"), "it asks for 512Mi, and the settings for 1Gi: write 512Mi first"],
    [
      "another storage class",
      claimOf("1Gi", "fast"),
      "it is of the storage class fast, and the settings want apprun-dev-data",
    ],
  ])("is strange with %s", async (_, more, strange) => {
    api.claims.push({ ...GRAFANA, ...more });
    expect(await runtime.findData(project)).toEqual([{ id: "grafana", strange }]);
  });

  it("that a state has forgotten is let through with the operator's word alone", async () => {
    api.claims.push(GRAFANA, { ...GRAFANA, name: "prometheus", labels: labelsOf("prometheus"), ...claimOf("5Gi") });
    const type = "kubernetes:core/v1:PersistentVolumeClaim";
    const state = { resources: [{ urn: "urn::prometheus", type, inputs: { metadata: { name: "prometheus" } } }] };
    await expect(runtime.guard(project, state)).rejects.toThrow("npm run up -- --take-data");
    await expect(runtime.guard(project, state, { takeData: true })).resolves.toBeUndefined();
    expect(api.changes).toEqual([]);
  });
});
