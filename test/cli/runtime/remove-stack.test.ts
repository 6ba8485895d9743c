import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StateResource } from "../../../cli/engine/state.ts";
import { removeByState } from "../../../cli/runtime/remove-stack.ts";
import { FakeDockerEngine } from "../../support/fakes/docker-engine.ts";
import { FakeKubernetesApi } from "../../support/fakes/kubernetes-api.ts";

type Removable = Parameters<typeof removeByState>[0];

const LEASES = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
const OWNER = { stack: "pr-7", settings: { identity: { project: "apprun", stack: "pr-7" } } };
const labels = (stack: string, retention?: string) => ({
  labels: {
    "io.apprun.stack": `apprun/${stack}`,
    ...(retention !== undefined && { "io.apprun.retention": retention }),
  },
});
const resource = (
  type: string,
  name: string,
  inputs: StateResource["inputs"] = {},
  more: Partial<StateResource> = {},
): StateResource => ({
  urn: `urn:pulumi:pr-7::apprun::${type}::${name}`,
  type,
  id: `id-${name}`,
  inputs,
  ...more,
});
/** What the engine exports for a secret. */
const secret = (value: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

/** A stack of the engine whose state has these resources; its destroy does what the providers would do. */
function stackWith(
  resources: readonly StateResource[],
  destroyed: () => void,
): Removable & { readonly done: string[] } {
  const done: string[] = [];
  const stack = {
    done,
    name: "pr-7",
    exportStack: () => Promise.resolve({ version: 3, deployment: { resources } }),
    destroy: () => {
      done.push("destroy");
      destroyed();
      return Promise.resolve();
    },
  };
  return stack as unknown as Removable & { readonly done: string[] };
}

describe("a stack on another Docker host than the settings name", () => {
  const [here, there] = [new FakeDockerEngine(), new FakeDockerEngine()];
  let [own, host] = ["", ""];
  beforeEach(async () => {
    own = await here.start();
    host = await there.start();
    for (const engine of [here, there]) {
      for (const all of [engine.volumes, engine.containers, engine.networks]) all.clear();
      engine.changes.length = 0;
      engine.volumes.set("apprun-pr-8-postgres-17", labels("pr-8")).set("of-somebody", { labels: {} });
    }
  });
  afterEach(() => {
    here.stop();
    there.stop();
  });
  const state = () => [
    resource("pulumi:providers:docker", "docker", { host }),
    resource(
      "docker:index/volume:Volume",
      "postgres-17",
      { name: "apprun-pr-7-postgres-17" },
      { retainOnDelete: true },
    ),
    resource("docker:index/container:Container", "postgres", { name: "apprun-pr-7-postgres" }),
  ];
  const fill = () => {
    there.volumes.set("apprun-pr-7-postgres-17", labels("pr-7")).set("apprun-pr-7-bodies", labels("pr-7", "scratch"));
    there.containers
      .set("postgres", labels("pr-7"))
      .set("left-by-a-kill", labels("pr-7"))
      .set("of-pr-8", labels("pr-8"));
    there.networks.set("left", labels("pr-7")).set("of-pr-8", labels("pr-8"));
  };

  it("is removed there with its data and with what an interrupted update left, and nothing else is touched", async () => {
    fill();
    const stack = stackWith(state(), () => there.containers.delete("postgres"));
    expect(await removeByState(stack, OWNER)).toBe(2);
    expect(stack.done).toEqual(["destroy"]);
    expect([...there.volumes.keys()]).toEqual(["apprun-pr-8-postgres-17", "of-somebody"]);
    expect([...there.containers.keys(), ...there.networks.keys()]).toEqual(["of-pr-8", "of-pr-8"]);
    expect(here.changes).toEqual([]);
  });

  it("is left as it is where data of its name is another state's", async () => {
    fill();
    there.volumes.set("apprun-pr-7-postgres-16", labels("pr-7"));
    const stack = stackWith(state(), () => undefined);
    await expect(removeByState(stack, OWNER)).rejects.toThrow(
      "there are data volumes that this state did not make: apprun-pr-7-postgres-16",
    );
    expect([stack.done, there.changes]).toEqual([
      [],
      ["POST volumes apprun-pr-7-lock", "DELETE volumes apprun-pr-7-lock"],
    ]);
  });

  it("is left as it is where nothing answers", async () => {
    const stack = stackWith(state(), () => undefined);
    there.stop();
    await expect(removeByState(stack, OWNER)).rejects.toThrow(`missing a Docker Engine at ${host}`);
    expect(stack.done).toEqual([]);
  });

  it("is removed from both hosts where it was moved by half", async () => {
    fill();
    here.volumes.set("apprun-pr-7-postgres-17", labels("pr-7"));
    const stack = stackWith([resource("pulumi:providers:docker", "old", { host: own }), ...state()], () => undefined);
    await removeByState(stack, OWNER);
    expect(stack.done).toEqual(["destroy"]);
    expect([...here.volumes.keys(), ...there.volumes.keys()]).toEqual([
      "apprun-pr-8-postgres-17",
      "of-somebody",
      "apprun-pr-8-postgres-17",
      "of-somebody",
    ]);
  });
});

describe("a stack on a cluster, although the settings say Docker", () => {
  const cluster = new FakeKubernetesApi();
  let kubeconfig: string;
  beforeEach(async () => {
    kubeconfig = await cluster.start();
    for (const list of [cluster.claims, cluster.volumes, cluster.changes]) list.length = 0;
    cluster.namespaces.clear();
    cluster.namespaces.set("apprun-pr-7", "uid-7").set("apprun-pr-8", "uid-8");
    for (const stack of ["pr-7", "pr-8"]) {
      cluster.claims.push({ namespace: `apprun-${stack}`, name: "postgres-17", component: "data" });
      cluster.volumes.push({ name: `pv-${stack}`, claim: [`apprun-${stack}`, "postgres-17"], reclaimPolicy: "Retain" });
    }
  });
  afterEach(() => {
    cluster.stop();
  });
  const state = () => [
    resource("pulumi:providers:kubernetes", "kubernetes", { kubeconfig: secret(kubeconfig) }),
    resource("kubernetes:core/v1:Namespace", "namespace", {}, { outputs: { metadata: { uid: "uid-7" } } }),
    resource("kubernetes:core/v1:PersistentVolumeClaim", "postgres-17", { metadata: { name: "postgres-17" } }),
  ];

  it("is removed there, its volumes are no longer kept, and those of others are", async () => {
    const stack = stackWith(state(), () => cluster.namespaces.delete("apprun-pr-7"));
    expect(await removeByState(stack, OWNER)).toBe(1);
    expect(stack.done).toEqual(["destroy"]);
    expect(cluster.volumes.map(({ name, reclaimPolicy }) => [name, reclaimPolicy])).toEqual([
      ["pv-pr-7", "Delete"],
      ["pv-pr-8", "Retain"],
    ]);
    expect(cluster.changes).toEqual([
      `POST ${LEASES}`,
      "PATCH /api/v1/persistentvolumes/pv-pr-7",
      `DELETE ${LEASES}/apprun-pr-7-lock`,
    ]);
  });

  it.each([
    [
      "another cluster answers by that name",
      () => cluster.namespaces.set("apprun-pr-7", "uid-of-another"),
      "has another namespace apprun-pr-7",
    ],
    [
      "a claim is another state's",
      () => cluster.claims.push({ namespace: "apprun-pr-7", name: "kept", component: "data" }),
      "did not make: kept",
    ],
  ])("is left as it is where %s", async (_, change, message) => {
    change();
    const stack = stackWith(state(), () => undefined);
    await expect(removeByState(stack, OWNER)).rejects.toThrow(message);
    expect([stack.done, cluster.changes]).toEqual([[], [`POST ${LEASES}`, `DELETE ${LEASES}/apprun-pr-7-lock`]]);
  });
});

it("a stack that made nothing asks no runtime", async () => {
  const stack = stackWith([], () => undefined);
  expect(await removeByState(stack, OWNER)).toBe(0);
  expect(stack.done).toEqual(["destroy"]);
});
