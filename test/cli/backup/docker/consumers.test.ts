import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { startContainers, stopContainers } from "../../../../cli/backup/docker/consumers.ts";
import { captured } from "../../../support/fakes/terminal.ts";

const NAMES = ["app", "kratos", "temporal"];

/** An engine that answers 304 where there is nothing to do, 404 where a container is missing and 500 where it cannot. */
function engine(
  running: readonly string[],
  { missing = [], cannot = [] }: { missing?: readonly string[]; cannot?: readonly string[] } = {},
) {
  const runs = new Set(running);
  const change = (verb: "stop" | "start", name: string): Promise<void> => {
    const status = missing.includes(name)
      ? 404
      : cannot.includes(`${verb} ${name}`)
        ? 500
        : runs.has(name) === (verb === "start")
          ? 304
          : 204;
    if (status !== 204)
      return Promise.reject(Object.assign(new Error(`${verb} ${name}: ${status}`), { statusCode: status }));
    if (verb === "start") runs.add(name);
    else runs.delete(name);
    return Promise.resolve();
  };
  const docker = {
    getContainer: (name: string) => ({ stop: () => change("stop", name), start: () => change("start", name) }),
  } as unknown as Docker;
  return { docker, runs: () => [...runs].sort() };
}

describe("containers that use the data", () => {
  it("are stopped, and all start again, also those that were down before", async () => {
    const { docker, runs } = engine(["app", "kratos"]);
    const start = await stopContainers(docker, NAMES);
    expect(runs()).toEqual([]);
    await start();
    expect(runs()).toEqual(NAMES);
  });

  it("count as stopped where they are missing, and the next update makes them", async () => {
    const { docker, runs } = engine(["app", "temporal"], { missing: ["kratos"] });
    const start = await stopContainers(docker, NAMES);
    expect(runs()).toEqual([]);
    const { error, stderr } = await captured(start);
    expect(error).toBeUndefined();
    expect(runs()).toEqual(["app", "temporal"]);
    expect(stderr).toBe("container kratos is missing; `npm run up` makes it\n");
  });

  it("run again where one of them does not stop, except those that were down before", async () => {
    const { docker, runs } = engine(["app", "kratos"], { cannot: ["stop kratos"] });
    await expect(stopContainers(docker, NAMES)).rejects.toThrow("stop kratos: 500");
    expect(runs()).toEqual(["app", "kratos"]);
  });

  it("name what did not stop, also where one does not start again", async () => {
    const { docker, runs } = engine(["app", "kratos"], { cannot: ["stop kratos", "start app"] });
    const { error, stderr } = await captured(async () => {
      await stopContainers(docker, NAMES);
    });
    expect([error?.message, stderr]).toEqual(["stop kratos: 500", "start app: 500\n"]);
    expect(runs()).toEqual(["kratos"]);
  });

  it("start although one of them does not, which is told", async () => {
    const { docker, runs } = engine(NAMES, { cannot: ["start app"] });
    const start = await stopContainers(docker, NAMES);
    await expect(start()).rejects.toThrow("start app: 500");
    expect(runs()).toEqual(["kratos", "temporal"]);
  });
});

it("containers that a restore needs start where an engine that died left them stopped, and run on where they run", async () => {
  const { docker, runs } = engine(["postgres"], { missing: ["cache"] });
  const { error } = await captured(() => startContainers(docker, ["postgres", "cache", "backup"]));
  expect(error).toBeUndefined();
  expect(runs()).toEqual(["backup", "postgres"]);
});
