import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../../cli/kit/record.ts";
import type { Stack } from "../../../components/stack/stack.ts";
import { inputsOf, stackOf } from "../../support/record/stacks.ts";

const IMAGE = { repository: "example/web", tag: "1.4.2", uid: 1000, gid: 2000 };

interface Pod {
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly spec: { readonly containers: readonly Record<string, unknown>[] } };
  };
}

describe("own services on Kubernetes", () => {
  let recording: Recording<Stack>;
  const has = (type: string, name: string) =>
    recording.resources.some((resource) => resource.type === `kubernetes:${type}` && resource.name === name);
  beforeAll(async () => {
    recording = await stackOf({
      platform: "kubernetes",
      temporal: { enabled: true },
      services: {
        web: {
          preset: "frontend",
          image: IMAGE,
          route: { subdomain: "www" },
          replicas: 2,
          autoscaling: { maxReplicas: 4 },
          connectsTo: ["postgres"],
          variables: { DATABASE_URL: "{database.url}" },
        },
        worker: { preset: "worker", image: IMAGE, probe: { command: ["/app/worker", "health"] } },
        cleanup: { preset: "cron", schedule: "30 2 * * *", command: ["/app/apprun", "cleanup"] },
      },
    });
  });

  it("are Deployments with an autoscaler, a route and secrets by reference", () => {
    const { spec } = inputsOf<Pod>(recording, "kubernetes:apps/v1:Deployment", "web");
    expect(spec.replicas).toBeUndefined();
    expect(spec.template.spec.containers[0]).toMatchObject({
      image: "example/web:1.4.2",
      startupProbe: { httpGet: { path: "/", port: "http" } },
      env: [{ name: "DATABASE_URL", valueFrom: { secretKeyRef: { key: "DATABASE_URL" } } }],
    });
    expect(has("autoscaling/v2:HorizontalPodAutoscaler", "web")).toBe(true);
    expect(has("networking.k8s.io/v1:NetworkPolicy", "route-web")).toBe(true);
  });

  it("are without a Service where they listen nowhere, and asked by their command whether they live", () => {
    const { spec } = inputsOf<Pod>(recording, "kubernetes:apps/v1:Deployment", "worker");
    expect(spec.template.spec.containers[0]).toMatchObject({
      livenessProbe: { exec: { command: ["/app/worker", "health"] }, failureThreshold: 6 },
      ports: [],
    });
    expect([has("core/v1:Service", "worker"), has("core/v1:Service", "web")]).toEqual([false, true]);
  });

  it("are CronJobs where they have a schedule", () => {
    expect(inputsOf(recording, "kubernetes:batch/v1:CronJob", "cleanup-run")).toMatchObject({
      spec: {
        schedule: "30 2 * * *",
        jobTemplate: { spec: { template: { spec: { containers: [{ command: ["/app/apprun", "cleanup"] }] } } } },
      },
    });
  });
});
