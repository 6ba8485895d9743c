import { describe, expect, it } from "vitest";
import { backupMemory } from "../../../policies/data/backup-memory.ts";
import { message, problems } from "../../../policies/policy.ts";

const found = (memory: number, largest: number) =>
  problems(backupMemory, [], {
    identity: { project: "apprun", stack: "prod" },
    column: "prod",
    backupRoom: { storage: 1536, repository: 1024, database: 5120, largest, memory },
  }).map((got) => message(backupMemory, got));

describe("backup-memory", () => {
  it.each([
    ["the defaults, with a remote repository", 384, 51_200],
    ["a repository of a tebibyte with memory for it", 3072, 1_048_576],
  ])("passes %s", (_what, ...sizes) => {
    expect(found(...sizes)).toEqual([]);
  });

  it("fails a repository whose index does not fit", () => {
    expect(found(384, 1_048_576)).toEqual([
      "backup.resources.limits.memory: got 384Mi for a repository of 1024Gi, which needs 2.92Gi; allowed: 192Mi, and 2.7Mi for each GiB of the larger of backup.local.size and backup.remote.size; raise backup.resources.limits.memory",
    ]);
  });

  it("is not looked for where the sizes are not known", () => {
    expect(problems(backupMemory, [], { identity: { project: "apprun", stack: "prod" }, column: "prod" })).toEqual([]);
  });
});
