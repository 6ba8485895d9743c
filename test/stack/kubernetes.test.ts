import type { Unwrap } from "@pulumi/pulumi";
import type { types } from "@pulumi/kubernetes";
import { beforeAll, describe, expect, it } from "vitest";
import { record, type RecordedResource, type Recording } from "../../cli/kit/record.ts";
import { settingsFromFile } from "../../components/stack/stack-file.ts";
import { holdsSecret } from "../../components/model/secret-mark.ts";
import { Stack } from "../../components/stack/stack.ts";
import { inputsOf, stackOf } from "../support/record/stacks.ts";

interface PodOwner {
  readonly spec: { readonly replicas?: number; readonly template: Unwrap<types.input.core.v1.PodTemplateSpec> };
}

const CONTROLLERS = ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet", "kubernetes:batch/v1:Job"];

describe("the recorded stack prod on Kubernetes", () => {
  let recording: Recording<Stack>;
  const objects = () => recording.resources.filter(({ type }) => type.startsWith("kubernetes:"));
  const pods = () =>
    objects()
      .filter(({ type }) => CONTROLLERS.includes(type))
      .map(({ name, inputs }) => ({ name, pod: (inputs as unknown as PodOwner).spec.template.spec! }));

  beforeAll(async () => {
    const settings = settingsFromFile(".", "apprun", "prod");
    recording = await record(settings.identity, () => new Stack(settings));
  });

  it("has exactly these resources", async () => {
    const names = recording.resources.map(({ type, name }) => `${type} ${name}`).sort();
    await expect(`${names.join("\n")}\n`).toMatchFileSnapshot("golden/kubernetes-prod.txt");
  });

  it("has no object without the platform's provider, its namespace and the recommended labels", () => {
    expect(objects().length).toBeGreaterThan(pods().length);
    for (const { type, name, inputs, provider } of objects()) {
      const { namespace, labels } = inputs["metadata"] as { namespace?: string; labels?: Record<string, string> };
      expect(provider, name).toContain("pulumi:providers:kubernetes::kubernetes::");
      if (!/:(Namespace|StorageClass)$/.test(type)) expect(namespace, name).toBe("apprun-prod");
      expect(labels, name).toMatchObject({
        "app.kubernetes.io/instance": "apprun-prod",
        "app.kubernetes.io/part-of": "apprun",
      });
    }
  });

  it("runs every pod under the restricted standard, with requests and limits, and a token for nobody but who asks the cluster", () => {
    const running = recording.result.inventory.workloads
      .filter(({ kind }) => kind !== "schedule")
      .map(({ name }) => name);
    expect(
      pods()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...running].sort());
    for (const { name, pod } of pods()) {
      expect(pod, name).toMatchObject({
        automountServiceAccountToken: name === "kube-state-metrics",
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      });
      expect(pod.securityContext?.runAsUser, name).toBeGreaterThan(0);
      for (const container of pod.containers) {
        expect(container.securityContext, name).toMatchObject({
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
        });
        expect(Object.keys(container.resources?.requests ?? {}), name).toEqual(["cpu", "memory"]);
        expect(Object.keys(container.resources?.limits ?? {}), name).toEqual(["cpu", "memory"]);
      }
    }
  });

  it("puts no secret anywhere but into Secrets", () => {
    const holders = objects().filter(({ inputs }) => holdsSecret(JSON.stringify(inputs)));
    expect(new Set(holders.map(({ type }) => type))).toEqual(new Set(["kubernetes:core/v1:Secret"]));
  });

  it("probes every service, and gives jobs a deadline", () => {
    for (const { name, pod } of pods()) {
      const [container] = pod.containers;
      if (pod.restartPolicy === "Never") continue;
      for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"] as const)
        expect(container?.[probe], `${name} ${probe}`).toBeDefined();
    }
    const jobs = recording.resources.filter(({ type }) => type === "kubernetes:batch/v1:Job");
    expect(jobs.map(({ name }) => name).sort()).toEqual([
      "backup-tools",
      "kratos-migrate",
      "postgres-exporter-role",
      "postgres-provision",
      "temporal-namespace",
      "temporal-schema",
    ]);
    for (const { inputs } of jobs)
      expect(inputs["spec"]).toMatchObject({
        podReplacementPolicy: "Failed",
        activeDeadlineSeconds: 300,
        parallelism: 1,
      });
  });

  it("leaves the number of autoscaled replicas to the autoscaler", () => {
    expect(inputsOf<PodOwner>(recording, "kubernetes:apps/v1:Deployment", "apprun").spec).not.toHaveProperty(
      "replicas",
    );
    expect(inputsOf(recording, "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "apprun")).toMatchObject({
      spec: { minReplicas: 3, maxReplicas: 6, scaleTargetRef: { kind: "Deployment", name: "apprun" } },
    });
    expect(inputsOf(recording, "kubernetes:policy/v1:PodDisruptionBudget", "apprun")).toMatchObject({
      spec: { maxUnavailable: 1 },
    });
  });

  it("publishes pages for the public only", () => {
    const rules = recording.resources
      .filter(({ type }) => type === "kubernetes:traefik.io/v1alpha1:IngressRoute")
      .map(({ inputs }) => (inputs as { spec: { routes: { match: string }[] } }).spec.routes[0]?.match);
    expect(rules.sort()).toEqual([
      "Host(`api.example.com`)",
      "Host(`auth.example.com`)",
      "Host(`example.com`)",
      "Host(`example.com`) && PathPrefix(`/ws`)",
    ]);
    const services = recording.resources.filter(({ type }) => type === "kubernetes:core/v1:Service");
    const kinds = services.map(
      ({ name, inputs }) => `${name} ${(inputs as { spec: { type?: string } }).spec.type ?? "headless"}`,
    );
    const reached = recording.result.inventory.workloads.filter(({ ports }) => ports.length > 0);
    const replicated = reached.filter(({ replicas, maxReplicas = replicas }) => maxReplicas > 1);
    expect(kinds.sort()).toEqual(
      [
        ...reached.map(({ name }) => `${name} ClusterIP`),
        ...replicated.map(({ name }) => `${name}-pods headless`),
      ].sort(),
    );
    expect(recording.result.access["grafana"]).toBe(
      "kubectl --namespace apprun-prod port-forward service/grafana 3000",
    );
  });
});

describe("a stack on Kubernetes", () => {
  const types = ({ resources }: { resources: readonly RecordedResource[] }, suffix: string) =>
    resources.filter(({ type }) => type.endsWith(suffix)).map(({ name }) => name);

  it("keeps its own class for data on k3s, and takes the one that is named elsewhere", async () => {
    const own = await stackOf({ platform: "kubernetes" });
    expect(inputsOf(own, "kubernetes:storage.k8s.io/v1:StorageClass", "data")).toMatchObject({
      reclaimPolicy: "Retain",
      provisioner: "rancher.io/local-path",
    });
    const named = await stackOf({
      platform: "kubernetes",
      kubernetes: { storageClass: "gp3", sharedStorageClass: "efs" },
    });
    expect(types(named, ":StorageClass")).toEqual([]);
    const claim = (name: string) =>
      inputsOf<{ spec: object }>(named, "kubernetes:core/v1:PersistentVolumeClaim", name).spec;
    expect(claim("postgres-17")).toMatchObject({ storageClassName: "gp3", accessModes: ["ReadWriteOnce"] });
    expect(claim("apprun-storage")).toMatchObject({ storageClassName: "efs", accessModes: ["ReadWriteMany"] });
  });

  it("says what keeps replicas together, until they share a volume that many nodes can write to", async () => {
    const limit = async (kubernetes: object) =>
      (await stackOf({ platform: "kubernetes", kubernetes, app: { replicas: 3 } })).result.inventory.workloads.find(
        ({ name }) => name === "apprun",
      )?.scaleLimit;
    expect(await limit({})).toContain("all replicas on one node: they share volume apprun-storage");
    expect(await limit({ sharedStorageClass: "nfs" })).toBeUndefined();
  });

  it("has a PostgreSQL cluster of the operator's instead of a server of its own", async () => {
    const { secret } = await import("@pulumi/pulumi");
    const backup = { destination: "s3://backups/apprun", endpoint: "https://r2.example.com" };
    const keys = { backupAccessKeyId: secret("__secret_id__"), backupSecretAccessKey: secret("__secret_key__") };
    const recording = await stackOf(
      { platform: "kubernetes", postgres: { mode: "operator", operator: { backup } } },
      "dev",
      keys,
    );
    expect(inputsOf(recording, "kubernetes:postgresql.cnpg.io/v1:Cluster", "postgres")).toMatchObject({
      spec: {
        instances: 3,
        enableSuperuserAccess: true,
        plugins: [{ name: "barman-cloud.cloudnative-pg.io", isWALArchiver: true }],
      },
    });
    expect(inputsOf(recording, "kubernetes:barmancloud.cnpg.io/v1:ObjectStore", "postgres-store")).toMatchObject({
      spec: {
        retentionPolicy: "30d",
        configuration: { destinationPath: "s3://backups/apprun", endpointURL: "https://r2.example.com" },
      },
    });
    expect(types(recording, ":StatefulSet")).not.toContain("postgres");
    const app = inputsOf<PodOwner>(recording, "kubernetes:apps/v1:Deployment", "apprun").spec.template.spec
      ?.containers[0];
    expect(app?.env).toContainEqual({ name: "DB_HOST", value: "postgres-rw" });
    expect(app?.env).toContainEqual({ name: "DB_SSLMODE", value: "require" });
  });
});
