import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LockStore } from "../../../../cli/runtime/lock/holder.ts";
import { thisHolder } from "../../../../cli/runtime/lock/holder.ts";
import { runtimeAt, type Place } from "../../../../cli/runtime/place.ts";
import { FakeDockerEngine } from "../../../support/fakes/docker-engine.ts";
import { FakeKubernetesApi } from "../../../support/fakes/kubernetes-api.ts";

const IDENTITY = { project: "apprun", stack: "dev" };
const docker = new FakeDockerEngine();
const cluster = new FakeKubernetesApi();
const places = new Map<Place["platform"], Place>();

beforeAll(async () => {
  places.set("docker", { platform: "docker", address: { host: await docker.start() } });
  places.set("kubernetes", { platform: "kubernetes", kubeconfig: { content: await cluster.start() } });
});
afterAll(() => {
  docker.stop();
  cluster.stop();
});

describe.each<Place["platform"]>(["docker", "kubernetes"])("the lock of a stack on %s", (platform) => {
  const lock = async (): Promise<LockStore> =>
    (await runtimeAt(places.get(platform)!, IDENTITY)).lock({ stack: "dev", settings: { identity: IDENTITY } });

  it("has one holder, whoever else asks, until that one lets go", async () => {
    const store = await lock();
    const [first, second] = [thisHolder("up"), thisHolder("destroy")];
    expect(await store.read()).toBeUndefined();
    expect(await Promise.all([store.take(first), (await lock()).take(second)])).toEqual([first, first]);
    await store.release(second);
    expect(await store.read()).toEqual(first);
    await store.release(first);
    expect(await store.read()).toBeUndefined();
    await store.release(first);
    expect(await store.take(second)).toEqual(second);
    await store.release(second);
  });

  it("is nothing that a part of the stack is taken for", () => {
    const kept = platform === "docker" ? [...docker.volumes.values()] : [...cluster.leases.values()];
    expect(JSON.stringify(kept)).not.toContain('"io.apprun.stack":"apprun/dev","');
  });
});
