import { describe, expect, it } from "vitest";
import { stopControllers } from "../../../../cli/backup/kubernetes/consumers.ts";
import type { Cluster } from "../../../../cli/runtime/kubernetes/client.ts";

const WORKLOADS = [
  { instances: ["deployment/app"], replicas: 2 },
  { instances: ["deployment/kratos"], replicas: 1 },
  { instances: ["statefulset/grafana"], replicas: 1 },
];

/** A cluster that keeps replicas, and refuses to change those of some. */
function cluster(replicas: Record<string, number>, refuses: readonly string[] = []) {
  const kept = new Map(Object.entries(replicas));
  const read = ({ name }: { name: string }) =>
    kept.has(name)
      ? Promise.resolve({ metadata: {}, spec: { replicas: kept.get(name) } })
      : Promise.reject(Object.assign(new Error(name), { code: 404 }));
  const patch = ({ name, body }: { name: string; body: { spec: { replicas: number } } }) => {
    if (refuses.includes(`${name} ${body.spec.replicas}`))
      return Promise.reject(new Error(`${name} cannot have ${body.spec.replicas}`));
    kept.set(name, body.spec.replicas);
    return Promise.resolve({ metadata: {} });
  };
  const apps = {
    readNamespacedDeployment: read,
    readNamespacedStatefulSet: read,
    patchNamespacedDeployment: patch,
    patchNamespacedStatefulSet: patch,
  };
  const core = { listNamespacedPod: () => Promise.resolve({ items: [] }) };
  return { api: { apps, core } as unknown as Cluster, kept: () => Object.fromEntries(kept) };
}

describe("controllers of pods that use the data", () => {
  it("are scaled to nothing and back to what they had", async () => {
    const { api, kept } = cluster({ app: 5, kratos: 1, grafana: 1 });
    const start = await stopControllers(api, "apprun-dev", WORKLOADS);
    expect(kept()).toEqual({ app: 0, kratos: 0, grafana: 0 });
    await start();
    expect(kept()).toEqual({ app: 5, kratos: 1, grafana: 1 });
  });

  it("get what the model says where an earlier restore left them at nothing", async () => {
    const { api, kept } = cluster({ app: 0, kratos: 0, grafana: 0 });
    await (
      await stopControllers(api, "apprun-dev", WORKLOADS)
    )();
    expect(kept()).toEqual({ app: 2, kratos: 1, grafana: 1 });
  });

  it("count as stopped where they are missing", async () => {
    const { api, kept } = cluster({ app: 2, grafana: 1 });
    const start = await stopControllers(api, "apprun-dev", WORKLOADS);
    expect(kept()).toEqual({ app: 0, grafana: 0 });
    await start();
    expect(kept()).toEqual({ app: 2, grafana: 1 });
  });

  it("run again where one of them does not stop, except those that were at nothing before", async () => {
    const { api, kept } = cluster({ app: 2, kratos: 0, grafana: 1 }, ["grafana 0"]);
    await expect(stopControllers(api, "apprun-dev", WORKLOADS)).rejects.toThrow("grafana cannot have 0");
    expect(kept()).toEqual({ app: 2, kratos: 0, grafana: 1 });
  });
});

describe("runs at set times that use the data", () => {
  const cronJob = (active: number) => {
    const asked: boolean[] = [];
    const batch = {
      readNamespacedCronJob: () =>
        Promise.resolve({
          metadata: {},
          spec: { schedule: "* * * * *", suspend: asked.at(-1) ?? false },
          status: { active: asked.length > active ? [] : [{}] },
        }),
      patchNamespacedCronJob: ({ body }: { body: { spec: { suspend: boolean } } }) => {
        asked.push(body.spec.suspend);
        return Promise.resolve({ metadata: {} });
      },
    };
    return { asked, api: { batch } as unknown as Cluster };
  };

  it("are suspended, and go on afterwards", async () => {
    const { asked, api } = cronJob(0);
    const start = await stopControllers(api, "apprun-dev", [{ instances: ["cronjob/cleanup-run"], replicas: 1 }]);
    expect(asked).toEqual([true]);
    await start();
    expect(asked).toEqual([true, false]);
  });
});
