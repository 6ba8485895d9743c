import { seconds, type Duration } from "../../model/units.ts";
import { retried } from "../kit/shell.ts";

const SCHEMA_ROOT = "/etc/temporal/schema/postgresql/v12";

/** Sets up and updates both schemas. `setup-schema` leaves a database alone that has one. */
export function schemaScript({
  passwordFile,
  store,
  visibility,
}: {
  passwordFile: string;
  store: string;
  visibility: string;
}): string {
  const tool = (database: string, command: string) => `temporal-sql-tool --db ${database} ${command}`;
  return [
    "set -eu",
    `SQL_PASSWORD="$(cat ${passwordFile})"`,
    "export SQL_PASSWORD",
    retried(tool(store, "setup-schema -v 0.0")),
    tool(store, `update-schema -d ${SCHEMA_ROOT}/temporal/versioned`),
    tool(visibility, "setup-schema -v 0.0"),
    tool(visibility, `update-schema -d ${SCHEMA_ROOT}/visibility/versioned`),
  ].join("\n");
}

/** The frontend answers before it knows its namespaces, so the first tries may fail. */
const TRY_TIMEOUT = "3s";

/** Makes the namespace or sets its retention. */
export function namespaceScript({ namespace, retention }: { namespace: string; retention: Duration }): string {
  const command = (verb: string) => `temporal operator namespace ${verb} --command-timeout ${TRY_TIMEOUT}`;
  const flags = `--namespace ${namespace} --retention ${seconds(retention)}s`;
  return ["set -eu", retried(`${command("update")} ${flags} 2>/dev/null || ${command("create")} ${flags}`)].join("\n");
}
