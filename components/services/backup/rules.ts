import { mebibytes } from "../../model/units.ts";
import { authorityProblem } from "../../settings/kit/certificate.ts";
import { problem, type Given, type Rule, type Slice } from "../../settings/kit/rule.ts";
import type { postgres } from "../postgres/settings.ts";
import type { backup } from "./settings.ts";

/** What the rules read. */
type Read = Slice<{ backup: typeof backup; postgres: typeof postgres }> &
  Given<"backupAccessKeyId" | "backupSecretAccessKey">;

/** Backups and where they go. */
export const backupRules: readonly Rule<Read>[] = [
  ...(["backupAccessKeyId", "backupSecretAccessKey"] as const).flatMap((key): Rule<Read>[] => [
    ({ backup, secrets }) =>
      backup.enabled && backup.remote !== undefined && secrets[key] === undefined
        ? problem(key, "nothing", "a secret with backup.remote", `run: pulumi config set --secret apprun:${key}`)
        : undefined,
    ({ backup, postgres, secrets }) =>
      backup.remote === undefined && postgres.operator.backup === undefined && secrets[key] !== undefined
        ? problem(
            key,
            "a secret",
            "nothing without backup.remote or postgres.operator.backup",
            "set one of them or remove it",
          )
        : undefined,
  ]),
  ({ backup }) => authorityProblem("backup.remote.ca", backup.remote),
  ({ backup }) =>
    backup.enabled && mebibytes(backup.local.size) > mebibytes(backup.storage)
      ? problem(
          "backup.local.size",
          JSON.stringify(backup.local.size),
          `at most backup.storage (${backup.storage}), which holds the repository`,
          "lower it or raise backup.storage",
        )
      : undefined,
];
