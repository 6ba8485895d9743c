import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import type { InventoryWorkload } from "../../../../components/model/inventory.ts";
import { DockerRuntime } from "../../../../cli/runtime/docker/docker-runtime.ts";
import { observe } from "../../../../cli/runtime/docker/observe.ts";

const running = (Status: string, ExitCode: number) => ({
  Running: true,
  Status: "running",
  ExitCode: 0,
  Health: { Status, Log: [{ ExitCode: 0 }, { ExitCode }] },
});
const DATA = { kind: "workload", tier: "data", recovering: 1 } as const;

/** What is seen of a workload whose one container is in this state. */
async function seen(State: object, workload: Partial<InventoryWorkload>) {
  const docker = { getContainer: () => ({ inspect: () => Promise.resolve({ State }) }) } as unknown as Docker;
  const workloads = [{ name: "postgres", instances: ["apprun-dev-postgres"], ...workload } as InventoryWorkload];
  return observe(docker, { workloads, volumes: [] });
}

const CONTAINER = {
  urn: "urn:pulumi:dev::apprun::docker:index/container:Container::postgres",
  type: "docker:index/container:Container",
  inputs: { name: "apprun-dev-postgres" },
};

describe("a container that does not answer", () => {
  it.each<[string, object, Partial<InventoryWorkload>, string, boolean]>([
    ["reads its data back after a crash", running("unhealthy", 1), DATA, "recovering", false],
    ["holds data, runs and fails otherwise", running("unhealthy", 2), DATA, "unhealthy", false],
    [
      "holds data and cannot say why it fails",
      running("unhealthy", 1),
      { kind: "workload", tier: "data" },
      "unhealthy",
      false,
    ],
    ["holds data and is young", running("starting", 1), DATA, "starting", false],
    ["holds data and answers again", running("healthy", 0), DATA, "healthy", false],
    ["holds no data", running("unhealthy", 1), { kind: "workload", tier: "app" }, "unhealthy", true],
    ["holds data and never ran", { Running: false, Status: "created", ExitCode: 0 }, DATA, "created (0)", true],
    ["holds data and ended", { Running: false, Status: "exited", ExitCode: 137 }, DATA, "exited (137)", false],
  ])("%s", async (_, state, workload, expected, replaced) => {
    const observations = await seen(state, workload);
    expect(observations.map((one) => one.state)).toEqual([expected]);
    expect(new DockerRuntime({ host: "unix:///nowhere" }).isBroken(CONTAINER, observations)).toBe(replaced);
  });
});
