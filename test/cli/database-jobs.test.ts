import { expect, it } from "vitest";
import { databaseJobs } from "../../cli/backup/database-jobs.js";

const after = (kind: "job" | "workload", name: string) => ({ kind, name });
const one = (kind: "job" | "workload", name: string, ...startsAfter: ReturnType<typeof after>[]) => ({ kind, name, startsAfter, instances: [name] });

it("a restore runs the jobs of roles and schemas in order, and none that asks a service which it stopped", () => {
  const workloads = [
    one("workload", "postgres"),
    one("job", "tools"),
    one("job", "provision", after("workload", "postgres")),
    one("job", "schema", after("job", "provision")),
    one("workload", "temporal", after("job", "schema")),
    one("job", "namespace", after("workload", "temporal")),
    one("job", "grants", after("job", "namespace")),
  ];
  expect(databaseJobs(workloads, ["temporal"]).map(({ name }) => name)).toEqual(["provision", "schema", "grants"]);
});
