import { PROD_ONLY, type StackPolicy } from "../policy.ts";
import { backupsOf, databasesOf } from "../read/backup.ts";

export const databaseBackup: StackPolicy = {
  kind: "stack",
  name: "database-backup",
  description: "No database without a backup.",
  enforcement: PROD_ONLY,
  allowed: "servers that a scheduled backup saves",
  remedy: "set backup.enabled, or with postgres.mode operator postgres.operator.backup",
  check: (resources) => {
    const saved = new Set(backupsOf(resources).map(({ server }) => server));
    return databasesOf(resources)
      .filter(({ server }) => !saved.has(server))
      .map(({ label }) => `${label}: got a database that nothing backs up`);
  },
};
