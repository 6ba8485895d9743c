import { expect, it } from "vitest";
import { keptLog } from "../../../../components/services/postgres/replica/slot-job.ts";
import { budget, total } from "../../../../components/stack/budget.ts";
import { parseSettings } from "../../../../components/stack/parse.ts";

const read = (values: Record<string, unknown>) =>
  parseSettings({ project: "apprun", stack: "dev" }, { values, secrets: {}, plainSecrets: [] });
const ON = { replica: { enabled: true } };

it("is off by default, and counts with the primary's memory and disk when it is on", () => {
  expect(read({}).postgres.replica).toEqual({ enabled: false });
  const plus = (column: "memory" | "disk") =>
    total(budget(read({ postgres: ON })), column) - total(budget(read({})), column);
  expect([plus("memory"), plus("disk")]).toEqual([512, 5 * 1024]);
});

it.each([
  [undefined, "5Gi", 1024],
  [undefined, "100Mi", 64],
  ["2Gi", "5Gi", 2048],
] as const)("keeps of %s and a volume of %s so many MiB of log for it", (given, storage, kept) => {
  expect(keptLog(given, storage)).toBe(kept);
});

it.each<[Record<string, unknown>, string]>([
  [
    { platform: "kubernetes", postgres: { mode: "operator", ...ON } },
    "  apprun:postgres.replica.enabled: got true; allowed: false with postgres.mode operator, where postgres.operator.instances are the replicas; remove it",
  ],
  [
    { platform: "kubernetes", postgres: ON },
    "  apprun:postgres.replica.enabled: got true; allowed: false with platform kubernetes, where an operator replicates and promotes: CloudNativePG; remove it and set postgres.mode to operator, or name such a cluster with postgres.external",
  ],
  [
    { postgres: { mode: "external", external: { host: "db.example.com" }, ...ON } },
    "  apprun:postgres.replica.enabled: got true; allowed: false with postgres.mode external, where whoever runs the server runs its replicas; remove it",
  ],
  [
    { postgres: { replica: { enabled: true, keptLog: "16Mi" } } },
    '  apprun:postgres.replica.keptLog: got "16Mi"; allowed: 64Mi or more, and at most half of postgres.storage, whose disk it fills; change it or raise postgres.storage',
  ],
  [
    { postgres: { replica: { enabled: true, keptLog: "4Gi" } } },
    '  apprun:postgres.replica.keptLog: got "4Gi"; allowed: 64Mi or more, and at most half of postgres.storage',
  ],
])("%j is refused", (values, message) => {
  expect(() => read(values)).toThrow(message);
});
