import { expect, it } from "vitest";
import { symptomOf, type Inspected } from "../../../../cli/runtime/docker/symptoms.ts";

const container = (State: Partial<Inspected["State"]>, RestartCount = 0): Inspected => ({
  RestartCount,
  State: { Status: "running", ExitCode: 0, OOMKilled: false, ...State },
});
const UNHEALTHY = {
  Health: { Status: "unhealthy", Log: [{ Output: "first" }, { Output: "more\ncurl: (22) error: 500\n" }] },
};

it.each<
  [string, Parameters<typeof symptomOf>[0], Inspected | undefined, { what: string; graceMs: number } | undefined]
>([
  ["that is not made yet", { tier: "app" }, undefined, undefined],
  ["that starts", { tier: "app" }, container({ Health: { Status: "starting" } }), undefined],
  [
    "that is unhealthy, with what its probe says",
    { tier: "app", readyTimeout: "120s" },
    container(UNHEALTHY),
    { what: "is unhealthy, its probe says: curl: (22) error: 500", graceMs: 1000 },
  ],
  ["that may start slowly", { tier: "app", readyTimeout: "10m" }, container(UNHEALTHY), undefined],
  ["that may be a database that recovers", { tier: "data" }, container(UNHEALTHY), undefined],
  [
    "that ended",
    { tier: "data" },
    container({ Status: "exited", ExitCode: 3 }),
    { what: "ends (exit code 3)", graceMs: 7000 },
  ],
  [
    "that begins again",
    { tier: "app" },
    container({ Status: "restarting", ExitCode: 3 }, 1),
    { what: "ends (exit code 3) again and again", graceMs: 7000 },
  ],
  [
    "that runs again and has forgotten its code",
    { tier: "app" },
    container({}, 3),
    { what: "ends again and again", graceMs: 0 },
  ],
  [
    "that its limit ends",
    { tier: "app" },
    container({ Status: "exited", ExitCode: 137, OOMKilled: true }),
    { what: "needs more memory than its limit (exit code 137)", graceMs: 7000 },
  ],
])("what speaks against the start of a container %s", (_, workload, inspected, symptom) => {
  expect(symptomOf(workload, "apprun-dev-x", inspected)).toEqual(symptom && { instance: "apprun-dev-x", ...symptom });
});
