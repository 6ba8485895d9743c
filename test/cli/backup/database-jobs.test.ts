import { expect, it } from "vitest";
import { consumers, databaseJobs, restoreKeeps } from "../../../cli/backup/database-jobs.ts";

const after = (kind: "job" | "workload", name: string) => ({ kind, name });
const one = (
  kind: "job" | "workload",
  name: string,
  connectsTo: string[],
  ...startsAfter: ReturnType<typeof after>[]
) => ({
  kind,
  name,
  connectsTo,
  startsAfter,
  instances: [name],
});

it("a restore runs the jobs of roles and schemas in order, and none that asks a service which it stopped", () => {
  const workloads = [
    one("workload", "postgres", []),
    one("job", "tools", []),
    one("job", "provision", ["postgres"], after("workload", "postgres")),
    one("job", "schema", ["postgres"], after("job", "provision")),
    one("workload", "temporal", ["postgres"], after("job", "schema")),
    one("job", "namespace", ["temporal"], after("job", "schema"), after("workload", "temporal")),
    // Made after a service for the sake of its tables, which the set has.
    one("job", "grants", ["postgres"], after("job", "provision"), after("workload", "temporal")),
  ];
  expect(databaseJobs(workloads, ["temporal"]).map(({ name }) => name)).toEqual(["provision", "schema", "grants"]);
});

it("a restore stops what is in the app tier and what runs at set times, except what takes the backups", () => {
  const workload = (kind: "workload" | "job" | "schedule", name: string, tier?: "app" | "data") => ({
    kind,
    name,
    tier,
  });
  const workloads = [
    workload("workload", "postgres", "data"),
    workload("workload", "apprun", "app"),
    workload("job", "postgres-provision"),
    workload("schedule", "cleanup"),
    workload("schedule", "backup"),
  ] as unknown as Parameters<typeof consumers>[0]["workloads"];
  expect(consumers({ workloads }).map(({ name }) => name)).toEqual(["apprun", "cleanup"]);
  expect(restoreKeeps({ workloads }).map(({ name }) => name)).toEqual(["postgres", "backup"]);
});
