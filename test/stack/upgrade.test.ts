import { CLOSED_SQL } from "../../components/services/postgres/upgrade.ts";
import { describe, expect, it } from "vitest";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";
import { findingsOf } from "../../cli/kit/policies.ts";
import { settingsOf, stackOf, inputsOf } from "../support/record/stacks.ts";

const CONTAINER = "docker:index/container:Container";
const VALUES = { postgres: { upgradeFrom: 15 }, host: { disk: "40Gi" } };

describe("a stack whose PostgreSQL takes over an older major's data", () => {
  it("keeps the old volume protected, mounts the new one, and starts the server after the job", async () => {
    const recording = await stackOf(VALUES);
    const volumes = recording.resources.filter(
      ({ type, name }) => type === "docker:index/volume:Volume" && name.startsWith("postgres-"),
    );
    expect(volumes.map(({ name, protect }) => [name, protect])).toEqual([
      ["postgres-17", true],
      ["postgres-15", true],
    ]);
    const job = inputsOf<RecordedContainer>(recording, CONTAINER, "postgres-upgrade");
    expect(job).toMatchObject({
      attach: true,
      envs: [
        "PGDATA=/var/lib/postgresql/data/pgdata",
        "PGHOST=postgres",
        "PGUSER=postgres",
        `UPGRADE_CLOSED=${CLOSED_SQL}`,
        "UPGRADE_FROM=15",
        "UPGRADE_TO=17",
        "UPGRADE_VOLUME=/var/lib/postgresql/data",
      ],
      volumes: [{ volumeName: "apprun-dev-postgres-17", containerPath: "/var/lib/postgresql/data", readOnly: false }],
    });
    expect(recording.result.inventory.workloads.find(({ name }) => name === "postgres")?.startsAfter).toEqual([
      { name: "postgres-upgrade", kind: "job" },
    ]);
  });

  it("differs from one without in the job and the volume alone, and in the images that a backup set names", async () => {
    const [plain, upgraded] = [await stackOf({}), await stackOf(VALUES)];
    const byName = ({ resources }: typeof plain) =>
      new Map(resources.map(({ type, name, inputs }) => [`${type} ${name}`, JSON.stringify(inputs)]));
    const [before, after] = [byName(plain), byName(upgraded)];
    const changed = [...after.keys()].filter((key) => before.get(key) !== after.get(key));
    expect(changed.sort()).toEqual([
      `${CONTAINER} backup`,
      `${CONTAINER} postgres-upgrade`,
      "docker:index/volume:Volume postgres-15",
    ]);
  });

  it("keeps the archive of the old server too, with restores to a moment", async () => {
    const moment = { backup: { pointInTime: { enabled: true } } };
    const { resources } = await stackOf({ ...VALUES, ...moment });
    const archives = resources.filter(({ name }) => /^postgres-\d+-wal$/.test(name));
    expect(archives.map(({ name, protect }) => [name, protect])).toEqual([
      ["postgres-17-wal", true],
      ["postgres-15-wal", true],
    ]);
    const server = inputsOf<RecordedContainer>(await stackOf({ ...VALUES, ...moment }), CONTAINER, "postgres");
    expect(server.volumes?.map(({ volumeName }) => volumeName)).toContain("apprun-dev-postgres-17-wal");
  });

  it("breaks no policy", async () => {
    const recording = await stackOf(VALUES);
    expect(
      findingsOf({ stack: "dev", settings: settingsOf(VALUES), recording }).filter(({ message }) =>
        message.includes("postgres-upgrade"),
      ),
    ).toEqual([]);
  });

  it("runs 18 at that image's own path", async () => {
    const recording = await stackOf({
      ...VALUES,
      postgres: { upgradeFrom: 17 },
      images: { pins: { postgres: { tag: "18-alpine" } } },
    });
    expect(inputsOf<RecordedContainer>(recording, CONTAINER, "postgres-upgrade").volumes).toEqual([
      { volumeName: "apprun-dev-postgres-18", containerPath: "/var/lib/postgresql", readOnly: false },
    ]);
  });
});
