import { output } from "@pulumi/pulumi";
import { expect, it } from "vitest";
import type { ScheduleSpec } from "../../../components/model/workload.ts";
import { cronJob } from "../../../components/platform/kubernetes/schedule.ts";
import { appSpec, ON_CLUSTER } from "../../support/record/specs.ts";

function schedule(changes: Partial<ScheduleSpec> = {}): ScheduleSpec {
  const { ports: _ports, probe: _probe, tier: _tier, ...spec } = appSpec();
  return { ...spec, runs: { nightly: { cron: "30 2 * * *", command: ["task", "--all"] } }, ...changes };
}

const render = (spec: ScheduleSpec) =>
  cronJob(ON_CLUSTER, "cleanup", "nightly", spec, { serviceAccount: output("workload") });

it("renders a run as a CronJob in UTC that never overlaps with itself", () => {
  expect(render(schedule())).toMatchObject({
    metadata: { name: "cleanup-nightly", namespace: "apprun-dev" },
    spec: {
      schedule: "30 2 * * *",
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      jobTemplate: {
        spec: {
          backoffLimit: 0,
          template: { spec: { restartPolicy: "Never", containers: [{ command: ["task", "--all"] }] } },
        },
      },
    },
  });
});

it("runs what works on the files of others as its own user, in their groups", () => {
  const securityContext = {
    runAsNonRoot: true,
    runAsUser: 70,
    runAsGroup: 70,
    fsGroup: 70,
    supplementalGroups: [0, 472],
  };
  expect(render(schedule({ runAs: { uid: 70, gid: 70, administersFiles: true, groups: [0, 472] } }))).toMatchObject({
    spec: { jobTemplate: { spec: { template: { spec: { securityContext } } } } },
  });
});

it("refuses a bad expression", () => {
  expect(() => render(schedule({ runs: { nightly: { cron: "@daily", command: [] } } }))).toThrow(
    'cron expression: got "@daily"',
  );
});
