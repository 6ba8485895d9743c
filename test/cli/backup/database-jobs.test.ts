import { expect, it } from "vitest";
import { databaseJobs } from "../../../cli/backup/database-jobs.ts";

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
