import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { knownPlace } from "../../../cli/engine/known-place.ts";
import type { State, StateResource } from "../../../cli/engine/state.ts";
import { confirmLoss } from "../../../cli/runtime/lost-data.ts";
import { DockerRuntime } from "../../../cli/runtime/docker/docker-runtime.ts";
import type { Project } from "../../../cli/kit/project.ts";
import { FakeDockerEngine } from "../../support/fakes/docker-engine.ts";
import { settingsOf, stackOf } from "../../support/record/stacks.ts";

const VOLUME = "docker:index/volume:Volume";
const POSTGRES = "apprun-dev-postgres-17";
const STORAGE = "apprun-dev-storage";

const volume = (name: string, more: Partial<StateResource> = {}): StateResource => ({
  urn: `urn:pulumi:dev::apprun::${VOLUME}::${name}`,
  type: VOLUME,
  retainOnDelete: true,
  inputs: { name },
  ...more,
});
const remembers = (place: NonNullable<StateResource["outputs"]>["place"]): StateResource => ({
  urn: "urn:pulumi:dev::apprun::pulumi:pulumi:Stack::apprun-dev",
  type: "pulumi:pulumi:Stack",
  outputs: place === undefined ? {} : { place },
});

describe("a state knows where its data is", () => {
  it.each<[string, State, ReturnType<typeof knownPlace>]>([
    ["nowhere, when it is empty", {}, { engine: undefined, data: [] }],
    [
      "by its volumes, of an older release",
      { resources: [remembers(undefined), volume(POSTGRES)] },
      { engine: undefined, data: [POSTGRES] },
    ],
    [
      "by its outputs, after a refresh took the volume out",
      { resources: [remembers({ engine: "a", data: [POSTGRES] })] },
      { engine: "a", data: [POSTGRES] },
    ],
    [
      "by both",
      { resources: [remembers({ engine: "a", data: [POSTGRES] }), volume(POSTGRES), volume(STORAGE)] },
      { engine: "a", data: [POSTGRES, STORAGE] },
    ],
    [
      "without what may be rebuilt",
      { resources: [volume("apprun-dev-prometheus", { retainOnDelete: false })] },
      { engine: undefined, data: [] },
    ],
    [
      "without what only waits to be forgotten",
      { resources: [volume(POSTGRES, { delete: true })] },
      { engine: undefined, data: [] },
    ],
    [
      "by the claims of a cluster",
      {
        resources: [
          volume("x", {
            type: "kubernetes:core/v1:PersistentVolumeClaim",
            inputs: { metadata: { name: "postgres-17" } },
          }),
        ],
      },
      { engine: undefined, data: ["postgres-17"] },
    ],
  ])("%s", (_, state, place) => {
    expect(knownPlace(state)).toEqual(place);
  });
});

describe("a Docker Engine is compared with the state before anything is changed", () => {
  const engine = new FakeDockerEngine();
  let runtime: DockerRuntime;
  let [host, project]: [string, Project | undefined] = ["", undefined];
  const state: State = { resources: [remembers({ engine: "engine", data: [POSTGRES] }), volume(POSTGRES)] };
  const guard = (of: State, dataIsLost?: boolean) =>
    runtime.guard(project!, of, dataIsLost === undefined ? {} : { dataIsLost });

  beforeEach(async () => {
    host = await engine.start();
    runtime = new DockerRuntime({ host });
    project ??= { directory: ".", stack: "dev", settings: settingsOf({}), recording: await stackOf({}) };
    engine.id = "engine";
    engine.volumes.set(POSTGRES, { labels: {} });
  });
  afterEach(() => {
    engine.volumes.clear();
    engine.stop();
  });

  it("and is let through when it is the same and has the data", async () => {
    await expect(guard(state)).resolves.toBeUndefined();
    await expect(guard({})).rejects.toThrow("data volumes that this state did not make");
    engine.volumes.clear();
    await expect(guard({})).resolves.toBeUndefined();
  });

  it("and refused when it is another one", async () => {
    engine.id = "other";
    await expect(guard(state)).rejects.toThrow(
      `stack dev: another Docker Engine answers at ${host}: got the identity other; allowed: engine, on which the stack is; nothing was changed: name that engine with apprun:docker.host, or start it with its own data directory, whose disk may not be mounted; if the data is lost for good: npm run up -- --data-is-lost makes empty volumes, and npm run restore fills them from a backup`,
    );
    await expect(guard(state, true)).resolves.toBeUndefined();
    await expect(
      runtime.guardRemoval({ stack: "dev", settings: { identity: { project: "apprun", stack: "dev" } } }, state),
    ).rejects.toThrow("another Docker Engine answers");
  });

  it.each<[string, State]>([
    ["the state still has", state],
    ["a refresh took out of the state", { resources: [remembers({ engine: "engine", data: [POSTGRES] })] }],
  ])("and refused when it lacks a volume that %s", async (_, known) => {
    engine.volumes.clear();
    await expect(guard(known)).rejects.toThrow(
      `stack dev: data volumes of the state are gone from the Docker Engine at ${host}: ${POSTGRES}; allowed: every volume that holds the stack's data; nothing was changed: mount the disk that holds them, or bring them back under these names; if the data is lost for good: npm run up -- --data-is-lost makes empty volumes, and npm run restore fills them from a backup`,
    );
    await expect(guard(known, true)).resolves.toBeUndefined();
    expect(engine.changes).toEqual([]);
  });
});

it("the operator's word counts with the stack's name only", async () => {
  await expect(confirmLoss("dev", {}, undefined)).resolves.toBeUndefined();
  await expect(confirmLoss("dev", { dataIsLost: true }, "dev")).resolves.toBeUndefined();
  await expect(confirmLoss("dev", { dataIsLost: true }, "prod")).rejects.toThrow(
    '--data-is-lost: got "prod"; allowed: "dev", the stack\'s name; nothing was changed; name the stack',
  );
});
