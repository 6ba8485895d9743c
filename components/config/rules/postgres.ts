import { mebibytes } from "../../model/units.js";
import { problem, type Rule } from "./rule.js";

/** PostgreSQL, its own or a managed one. */
export const postgresRules: readonly Rule[] = [
  ({ postgres }) =>
    postgres.mode === "container" && postgres.external !== undefined
      ? problem("postgres.external", "a map", "nothing with postgres.mode container", "set postgres.mode to external or remove postgres.external")
      : undefined,
  ({ postgres }) =>
    postgres.mode === "external" && postgres.external === undefined
      ? problem("postgres.external", "nothing", "host, port, adminUser and sslMode of the server", "add it or set postgres.mode to container")
      : undefined,
  ({ postgres, secrets }) =>
    postgres.mode === "external" && secrets.postgresAdminPassword === undefined
      ? problem("postgresAdminPassword", "nothing", "a secret with postgres.mode external", "run: pulumi config set --secret apprun:postgresAdminPassword")
      : undefined,
  ({ postgres }) =>
    postgres.mode === "container" && mebibytes(postgres.resources.limits.memory) < 256
      ? problem("postgres.resources.limits.memory", JSON.stringify(postgres.resources.limits.memory), "at least 256Mi", "raise it")
      : undefined,
  ({ app, postgres }) =>
    postgres.mode === "container" && app.dbMaxConnections >= postgres.maxConnections
      ? problem(
          "app.dbMaxConnections",
          String(app.dbMaxConnections),
          `fewer than postgres.maxConnections (${postgres.maxConnections})`,
          "lower it or raise postgres.maxConnections",
        )
      : undefined,
  ({ postgres, secrets }) => {
    if (postgres.mode !== "operator" || postgres.operator.backup === undefined) return undefined;
    const missing = (["backupAccessKeyId", "backupSecretAccessKey"] as const).find((key) => secrets[key] === undefined);
    return missing === undefined
      ? undefined
      : problem(missing, "nothing", "a secret with postgres.operator.backup", `run: pulumi config set --secret apprun:${missing}`);
  },
];
