import { output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { KubernetesContext } from "../../../components/platform/kubernetes/context.ts";
import { configData, configMounts, fileKey, secretVolume } from "../../../components/platform/kubernetes/files.ts";
import { checkBalancing } from "../../../components/platform/kubernetes/ingress.ts";
import { job } from "../../../components/platform/kubernetes/job.ts";
import { probes } from "../../../components/platform/kubernetes/probes.ts";
import { deployment, isStateful, statefulSet } from "../../../components/platform/kubernetes/workload.ts";
import { onlyOne, refuseReplicas } from "../../../components/platform/only-one.ts";
import type { Mount } from "../../../components/model/volume.ts";
import type { AnyWorkloadSpec, WorkloadSpec } from "../../../components/model/workload.ts";
import { appSpec, endpoint, ON_CLUSTER, RESOURCES } from "../../support/record/specs.ts";

const SOURCES = { serviceAccount: "workload" };
const volume = (shared: boolean): Mount => ({
  volume: { name: "disk", spec: { size: "1Gi", retention: "data", backup: { leftOut: "a test" }, shared }, id: "disk" },
  path: "/data",
});

interface Rendered {
  readonly spec: {
    readonly strategy?: object;
    readonly template: { readonly spec: Record<string, unknown> & { readonly containers: Record<string, unknown>[] } };
  };
}
const rendered = (spec: AnyWorkloadSpec) => deployment(ON_CLUSTER, "web", spec, SOURCES) as unknown as Rendered;

describe("a controller", () => {
  it.each([
    ["without a volume is a Deployment", appSpec(), false],
    ["with a volume that replicas share is a Deployment", appSpec({ mounts: [volume(true)] }), false],
    ["that only reads a volume is a Deployment", appSpec({ mounts: [{ ...volume(false), readOnly: true }] }), false],
    ["with a volume of its own is a StatefulSet", appSpec({ mounts: [volume(false)] }), true],
  ])("%s", (_, spec, stateful) => {
    expect(isStateful(spec)).toBe(stateful);
  });

  it("never takes a replica away before its successor is ready", () => {
    expect(rendered(appSpec({ replicas: 3 })).spec.strategy).toEqual({
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
    });
  });

  it("stops the old one first where two must not run", () => {
    expect(rendered(appSpec({ onlyOne: "it says so" })).spec.strategy).toEqual({ type: "Recreate" });
  });

  it("drains before its stop signal, whichever that is, within its grace", () => {
    const { template } = rendered(appSpec({ stopGrace: "20s" })).spec;
    expect(template.spec).toMatchObject({ terminationGracePeriodSeconds: 25 });
    expect(template.spec.containers[0]).toMatchObject({ lifecycle: { preStop: { sleep: { seconds: 5 } } } });
    const signalled = rendered(appSpec({ stopGrace: "20s", stopSignal: "SIGINT" })).spec.template.spec;
    const command = ["sh", "-c", "sleep 5; kill -INT 1; sleep 20"];
    expect(signalled.containers[0]).toMatchObject({ lifecycle: { preStop: { exec: { command } } } });
  });

  it("spreads replicas over zones and nodes, and a single one over nothing", () => {
    const keys = (spec: AnyWorkloadSpec) =>
      ((rendered(spec).spec.template.spec["topologySpreadConstraints"] ?? []) as { topologyKey: string }[]).map(
        ({ topologyKey }) => topologyKey,
      );
    expect(keys(appSpec({ replicas: 2 }))).toEqual(["topology.kubernetes.io/zone", "kubernetes.io/hostname"]);
    expect(keys(appSpec({ autoscaling: { maxReplicas: 3, cpuPercent: 70 } }))).toHaveLength(2);
    expect(keys(appSpec())).toEqual([]);
  });

  it("keeps pods that share a volume of one node on it, also the one that an update makes first", () => {
    const shares = appSpec({ mounts: [volume(true)] });
    const on = (cluster: Partial<KubernetesContext["cluster"]>, spec: AnyWorkloadSpec) =>
      (
        deployment(
          { ...ON_CLUSTER, cluster: { ...ON_CLUSTER.cluster, ...cluster } },
          "web",
          spec,
          SOURCES,
        ) as unknown as Rendered
      ).spec.template.spec;
    for (const spec of [shares, { ...shares, replicas: 2 }]) {
      const pod = on({ storageClass: "ebs" }, spec);
      expect(pod).not.toHaveProperty("topologySpreadConstraints");
      const matchLabels = { "app.kubernetes.io/instance": "apprun-dev", "app.kubernetes.io/name": "web" };
      expect(pod).toHaveProperty("affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution", [
        { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels } },
      ]);
    }
    // A volume of k3s's provisioner holds its pods by itself, and one with ReadWriteMany none.
    expect(on({}, shares)).not.toHaveProperty("affinity");
    expect(on({ storageClass: "ebs", sharedStorageClass: "efs" }, shares)).not.toHaveProperty("affinity");
    expect(on({ storageClass: "ebs" }, appSpec())).not.toHaveProperty("affinity");
  });

  it("gives a database time to stop, and no drain", () => {
    const data: WorkloadSpec<"data"> = {
      ...appSpec(),
      tier: "data",
      ports: { sql: { port: 5432, exposure: "internal" } },
      stopGrace: "120s",
      probe: { kind: "exec", command: ["true"] },
    };
    const { spec } = (statefulSet(ON_CLUSTER, "sql", data, SOURCES) as unknown as Rendered).spec.template;
    expect(spec).toMatchObject({ terminationGracePeriodSeconds: 120 });
    expect(spec.containers[0]).not.toHaveProperty("lifecycle");
  });
});

describe("what runs exactly once", () => {
  it.each([
    ["by its own word", appSpec({ onlyOne: "it says so" }), "it says so"],
    ["because it alone writes to a volume", appSpec({ mounts: [volume(false)] }), "it alone writes to volume disk"],
    ["is not what shares its volume", appSpec({ mounts: [volume(true)] }), undefined],
  ])("%s", (_, spec, reason) => {
    expect(onlyOne(spec)).toBe(reason);
  });

  it("refuses replicas and says why", () => {
    expect(() => {
      refuseReplicas("sql", appSpec({ replicas: 2, mounts: [volume(false)] }));
    }).toThrow(
      'workload "sql": got 2 replicas; allowed: 1, because it alone writes to volume disk; set its replicas to 1 in this stack',
    );
  });
});

describe("probes", () => {
  it("ask over HTTP without a tool of the image, and restart only what no longer accepts", () => {
    expect(probes("web", appSpec({ readyTimeout: "60s" }))).toEqual({
      startupProbe: {
        httpGet: { port: "http", path: "/health" },
        periodSeconds: 5,
        timeoutSeconds: 5,
        failureThreshold: 12,
      },
      readinessProbe: {
        httpGet: { port: "http", path: "/health" },
        periodSeconds: 5,
        timeoutSeconds: 5,
        failureThreshold: 5,
      },
      livenessProbe: { tcpSocket: { port: "http" }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
    });
  });

  it("leave a database an hour to replay its log", () => {
    const data: AnyWorkloadSpec = {
      ...appSpec(),
      tier: "data",
      ports: { sql: { port: 5432, exposure: "internal" } },
      probe: { kind: "exec", command: ["ready"], interval: "2s" },
    };
    expect(probes("sql", data).startupProbe).toEqual({
      exec: { command: ["ready"] },
      periodSeconds: 2,
      timeoutSeconds: 5,
      failureThreshold: 1800,
    });
  });

  it("refuse a port that is not there", () => {
    expect(() => probes("web", appSpec({ probe: { kind: "http", port: "admin", path: "/" } }))).toThrow(
      'workload "web": the probe asks port "admin"; allowed: http; name one of its ports',
    );
  });
});

describe("files", () => {
  it("are mounted one by one, so that the image's own files beside them stay", () => {
    const files = [{ path: "/etc/app/app.yml", content: "a: 1" }];
    expect(configData(files)).toEqual({ "etc_app_app.yml": "a: 1" });
    expect(configMounts(files)).toEqual([
      { name: "files", mountPath: "/etc/app/app.yml", subPath: "etc_app_app.yml", readOnly: true },
    ]);
    expect(fileKey("/a/b-c.d")).toBe("a_b-c.d");
  });

  it("that are secret lie below /run/secrets, or nowhere", () => {
    const file = (path: string) => [{ path, content: output("x") }];
    expect(secretVolume("web", output("name"), file("/run/secrets/key"))).toMatchObject({
      secret: { items: [{ key: "run_secrets_key", path: "key", mode: 0o440 }] },
    });
    expect(() => secretVolume("web", output("name"), file("/etc/key"))).toThrow(
      'workload "web": got a secret file at /etc/key; allowed: paths below /run/secrets; move it there',
    );
  });
});

it("a variable that is secret comes from the Secret, by its key", () => {
  const spec = deployment(ON_CLUSTER, "web", appSpec({ env: { B: "2" }, secretEnv: { A: output("x") } }), {
    ...SOURCES,
    secret: output("s"),
  }) as unknown as Rendered;
  expect(spec.spec.template.spec.containers[0]?.["env"]).toMatchObject([
    { name: "A", valueFrom: { secretKeyRef: { key: "A" } } },
    { name: "B", value: "2" },
  ]);
});

it("a job keeps its failed pods, runs one at a time and ends in time", () => {
  const spec = {
    image: appSpec().image,
    resources: RESOURCES,
    runAs: { uid: 1, gid: 1 },
    zone: "backend" as const,
    timeout: "1m" as const,
  };
  expect(job(ON_CLUSTER, "migrate", spec, SOURCES).spec).toMatchObject({
    parallelism: 1,
    completions: 1,
    podReplacementPolicy: "Failed",
    activeDeadlineSeconds: 60,
    template: { spec: { restartPolicy: "Never" } },
  });
});

it("a route that needs more than the cluster can do is refused", () => {
  const route = {
    name: "app",
    host: "example.com",
    to: endpoint("web", 8080),
    audience: "public",
    rate: "standard",
    balancing: "least-loaded",
  } as const;
  expect(() => {
    checkBalancing(route);
  }).toThrow(
    'route "app": got balancing "least-loaded"; allowed: "round-robin" on Kubernetes; remove app.balancing from this stack',
  );
});
