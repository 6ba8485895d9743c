import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Project } from "../../../../cli/kit/project.ts";
import { DockerRuntime } from "../../../../cli/runtime/docker/docker-runtime.ts";
import { FakeDockerEngine } from "../../../support/fakes/docker-engine.ts";
import { settingsOf, stackOf } from "../../../support/record/stacks.ts";

const ID = "apprun-dev-grafana";
const labelsOf = (service: string, stack = "apprun/dev") => ({
  "io.apprun.managed-by": "pulumi",
  "io.apprun.role": "volume",
  "io.apprun.service": service,
  "io.apprun.stack": stack,
});

describe("data of the stack on a Docker Engine", () => {
  const engine = new FakeDockerEngine();
  let runtime: DockerRuntime;
  let project: Project;
  const find = () => runtime.findData(project);

  beforeAll(async () => {
    runtime = new DockerRuntime({ host: await engine.start() });
    project = { directory: ".", stack: "dev", settings: settingsOf({}), recording: await stackOf({}) };
  });
  beforeEach(() => {
    engine.volumes.clear();
    engine.containers.clear();
    engine.volumes.set(ID, { labels: labelsOf("grafana") });
  });
  afterAll(() => {
    engine.stop();
  });

  it("is what has the name of a data volume, whatever else is there", async () => {
    engine.volumes.set("apprun-dev-proxy-routes", { labels: labelsOf("proxy-routes") });
    engine.volumes.set("apprun-dev-nats", { labels: labelsOf("nats") });
    engine.volumes.set("apprun-prod-grafana", { labels: labelsOf("grafana", "apprun/prod") });
    expect(await find()).toEqual([{ id: ID }]);
  });

  it.each<[string, Record<string, string>]>([
    ["no label", {}],
    ["another stack's", labelsOf("grafana", "shop/dev")],
    ["another service's", labelsOf("nats")],
    ["one of what may be rebuilt", { ...labelsOf("grafana"), "io.apprun.retention": "cache" }],
  ])("is strange with %s", async (_, labels) => {
    engine.volumes.set(ID, { labels });
    expect(await find()).toEqual([
      { id: ID, strange: "it does not have the labels of a data volume of stack apprun/dev" },
    ]);
  });

  it.each<[string, Record<string, string>, readonly string[], boolean]>([
    ["a guest has it", {}, [ID], true],
    ["another stack has it", { "io.apprun.stack": "shop/dev" }, ["x", ID], true],
    ["the stack itself has it", { "io.apprun.stack": "apprun/dev" }, [ID], false],
    ["a guest has another", {}, ["apprun-dev-grafana-old"], false],
  ])("is in use by others where %s", async (_, labels, volumes, isUsed) => {
    engine.containers.set("guest", { labels, volumes });
    const strange = "the container guest uses it, which is not of stack apprun/dev";
    expect(await find()).toEqual([{ id: ID, ...(isUsed && { strange }) }]);
  });

  it("that a state has forgotten is let through with the operator's word alone", async () => {
    engine.volumes.set("apprun-dev-prometheus", { labels: labelsOf("prometheus") });
    const known = { urn: "urn::prometheus", type: "docker:index/volume:Volume" };
    const state = { resources: [{ ...known, inputs: { name: "apprun-dev-prometheus" } }] };
    await expect(runtime.guard(project, state)).rejects.toThrow("npm run up -- --take-data");
    await expect(runtime.guard(project, state, { takeData: true })).resolves.toBeUndefined();
    expect(engine.changes).toEqual([]);
  });
});
