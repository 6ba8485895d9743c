import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { EXCHANGES, restartContainers } from "../../../../cli/runtime/docker/restart.ts";

/** Containers and their volumes. */
const MOUNTS: Readonly<Record<string, readonly string[]>> = {
  "apprun-dev-kratos": [],
  "apprun-dev-cache": ["apprun-dev-cache"],
  "apprun-dev-postgres": ["apprun-dev-postgres-17", "apprun-dev-postgres-17-wal"],
  "apprun-dev-postgres-replica": ["apprun-dev-postgres-17-replica"],
};

/** A Docker with these, and a container that works on volumes. */
function engine(worksOn: readonly string[]) {
  const restarted: string[] = [];
  const docker = {
    listContainers({ filters: { label, volume } }: { filters: { label: string[]; volume: string[] } }) {
      const found = label.includes(EXCHANGES) && volume.some((name) => worksOn.includes(name));
      return Promise.resolve(found ? [{ Names: ["/apprun-dev-promote"] }] : []);
    },
    getContainer: (name: string) => ({
      restart: () => Promise.resolve(restarted.push(name)),
      inspect: () =>
        Promise.resolve({
          Mounts: MOUNTS[name]?.map((volume) => ({ Type: "volume", Name: volume })),
          State: { Running: true },
          RestartCount: 0,
        }),
    }),
  };
  return { docker: docker as unknown as Docker, restarted };
}
const options = { timeoutMs: 1000, report: () => undefined };
const PROMOTED = ["apprun-dev-postgres-17", "apprun-dev-postgres-17-replica"];

describe("a restart of containers", () => {
  it.each(["apprun-dev-postgres", "apprun-dev-postgres-replica"])(
    "is refused while the data of %s is copied or exchanged, before any is restarted",
    async (name) => {
      const { docker, restarted } = engine(PROMOTED);
      await expect(restartContainers(docker, ["apprun-dev-cache", name], options)).rejects.toThrow(
        `container ${name}: container apprun-dev-promote may still copy or exchange its data, for a command that is gone; allowed: a restart of a server whose data is its own; nothing was changed: run npm run promote again, or npm run up, which goes on with the data that is in place`,
      );
      expect(restarted).toEqual([]);
    },
  );

  it("takes one after the other where the data is another's, or nobody's", async () => {
    const { docker, restarted } = engine(PROMOTED);
    await restartContainers(docker, ["apprun-dev-kratos", "apprun-dev-cache"], options);
    expect(restarted).toEqual(["apprun-dev-kratos", "apprun-dev-cache"]);
    await restartContainers(engine([]).docker, ["apprun-dev-postgres"], options);
  });
});
