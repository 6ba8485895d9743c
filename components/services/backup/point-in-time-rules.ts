import { seconds } from "../../model/units.ts";
import { problem, type Rule, type Slice } from "../../settings/kit/rule.ts";
import type { postgres } from "../postgres/settings.ts";
import type { backup } from "./settings.ts";

/** What the rules read. */
type Read = Slice<{ backup: typeof backup; postgres: typeof postgres }> & { readonly platform: string };

const PATH = "backup.pointInTime.enabled";

/** Restores to a moment, and what they need. */
export const pointInTimeRules: readonly Rule<Read>[] = [
  ({ backup }) =>
    backup.pointInTime.enabled && !backup.enabled
      ? problem(
          PATH,
          "true",
          "false without backups: a moment is reached from a base backup on",
          "set backup.enabled to true or remove it",
        )
      : undefined,
  ({ backup, postgres }) =>
    backup.pointInTime.enabled && postgres.mode !== "container"
      ? problem(
          PATH,
          "true",
          `false with postgres.mode ${postgres.mode}, where ${postgres.mode === "operator" ? "postgres.operator.backup archives the log" : "the managed server's own backups do it"}`,
          "remove it",
        )
      : undefined,
  ({ backup, platform, postgres }) =>
    backup.pointInTime.enabled && platform === "kubernetes" && postgres.mode === "container"
      ? problem(
          PATH,
          "true",
          "false with platform kubernetes, where no volume is shared by two pods",
          "remove it, or set postgres.mode to operator and postgres.operator.backup",
        )
      : undefined,
  ({ backup: { pointInTime } }) =>
    pointInTime.enabled && seconds(pointInTime.archiveTimeout) === 0
      ? problem(
          "backup.pointInTime.archiveTimeout",
          JSON.stringify(pointInTime.archiveTimeout),
          "at least 1s: 0 lets a segment wait until it is full",
          "raise it",
        )
      : undefined,
];
