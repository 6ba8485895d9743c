import { expect, it } from "vitest";
import { budget, total } from "../../../components/stack/budget.ts";
import { parseSettings } from "../../../components/stack/parse.ts";

const read = (values: Record<string, unknown>, stack = "dev") =>
  parseSettings({ project: "apprun", stack }, { values, secrets: {}, plainSecrets: [] });
const on = { pointInTime: { enabled: true } };

it("is off by default, and its archive is part of the disk that the stack needs", () => {
  expect(read({}).backup.pointInTime).toEqual({
    enabled: false,
    archiveTimeout: "60s",
    upload: "*/15 * * * *",
    storage: "1Gi",
  });
  const disk = (values: Record<string, unknown>) => total(budget(read(values)), "disk");
  expect(disk({ backup: { pointInTime: { enabled: true, storage: "2Gi" } } }) - disk({})).toBe(2048);
});

it.each<[Record<string, unknown>, string, string?]>([
  [
    { backup: on },
    "  apprun:backup.pointInTime.enabled: got true; allowed: false without backups: a moment is reached from a base backup on; set backup.enabled to true or remove it",
    "pr-7",
  ],
  [
    { platform: "kubernetes", postgres: { mode: "operator" }, backup: on },
    "allowed: false with postgres.mode operator, where postgres.operator.backup archives the log; remove it",
  ],
  [
    { platform: "kubernetes", backup: on },
    "allowed: false with platform kubernetes, where no volume is shared by two pods; remove it, or set postgres.mode to operator and postgres.operator.backup",
  ],
  [
    { postgres: { mode: "external", external: { host: "db.example.com" } }, backup: on },
    "allowed: false with postgres.mode external, where the managed server's own backups do it; remove it",
  ],
  [
    { backup: { pointInTime: { enabled: true, archiveTimeout: "0s" } } },
    '  apprun:backup.pointInTime.archiveTimeout: got "0s"; allowed: at least 1s: 0 lets a segment wait until it is full; raise it',
  ],
  [
    { backup: { pointInTime: { enabled: true, maxLoss: "60s" } } },
    "  apprun:backup.pointInTime.maxLoss: got an unknown key; allowed: archiveTimeout, enabled, storage, upload; remove it",
  ],
])("%j is refused", (values, message, stack) => {
  expect(() => read(values, stack)).toThrow(message);
});
