import { PROD_ONLY, type StackPolicy } from "../policy.js";
import { backupsOf, databasesOf } from "../read/backup.js";

export const databaseBackup: StackPolicy = {
  kind: "stack",
  name: "database-backup",
  description: "No database without a backup.",
  enforcement: PROD_ONLY,
  allowed: "a stack with a scheduled backup",
  remedy: "switch backups on",
  check: (resources) => (backupsOf(resources).length > 0 ? [] : databasesOf(resources).map(({ label }) => `${label}: got a database that nothing backs up`)),
};
