import { describe, expect, it } from "vitest";
import { backupRoom } from "../../../policies/data/backup-room.ts";
import { message, problems } from "../../../policies/policy.ts";

const found = (storage: number, repository: number, database: number) =>
  problems(backupRoom, [], {
    identity: { project: "apprun", stack: "prod" },
    column: "prod",
    backupRoom: { storage, repository, database, largest: repository, memory: 384 },
  }).map((got) => message(backupRoom, got));

describe("backup-room", () => {
  it.each([
    ["the defaults", 1536, 1024, 5120],
    ["a volume that was raised with the database", 10_240, 1024, 51_200],
  ])("passes %s", (_what, ...sizes) => {
    expect(found(...sizes)).toEqual([]);
  });

  it("fails a large database beside the default", () => {
    expect(found(1536, 1024, 51_200)).toEqual([
      "backup.storage: got 1.5Gi for a repository of 1Gi and dumps of a database of 50Gi; allowed: backup.local.size and a tenth of postgres.storage, into which dumps are written uncompressed; raise backup.storage",
    ]);
  });

  it("is not looked for where the sizes are not known", () => {
    const context = { identity: { project: "apprun", stack: "prod" }, column: "prod" } as const;
    expect(problems(backupRoom, [], context)).toEqual([]);
  });
});
