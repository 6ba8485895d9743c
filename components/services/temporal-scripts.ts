import { seconds, type Duration } from "../model/units.js";

const SCHEMA_ROOT = "/etc/temporal/schema/postgresql/v12";

/** Sets up and updates both schemas. `setup-schema` leaves a database alone that has one. */
export function schemaScript({ passwordFile, store, visibility }: { passwordFile: string; store: string; visibility: string }): string {
  const tool = (database: string, command: string) => `temporal-sql-tool --db ${database} ${command}`;
  return [
    "set -eu",
    `SQL_PASSWORD="$(cat ${passwordFile})"`,
    "export SQL_PASSWORD",
    tool(store, "setup-schema -v 0.0"),
    tool(store, `update-schema -d ${SCHEMA_ROOT}/temporal/versioned`),
    tool(visibility, "setup-schema -v 0.0"),
    tool(visibility, `update-schema -d ${SCHEMA_ROOT}/visibility/versioned`),
  ].join("\n");
}

/** The frontend answers before it knows its namespaces, so the first tries may fail. */
const TRIES = 30;

/** Makes the namespace or sets its retention. */
export function namespaceScript({ namespace, retention }: { namespace: string; retention: Duration }): string {
  const flags = `--namespace ${namespace} --retention ${seconds(retention)}s`;
  return [
    "set -eu",
    "try=1",
    `until temporal operator namespace describe --namespace ${namespace} >/dev/null 2>&1 || temporal operator namespace create ${flags}; do`,
    `  if [ "$try" -ge ${TRIES} ]; then exit 1; fi`,
    "  try=$((try + 1))",
    "  sleep 1",
    "done",
    `exec temporal operator namespace update ${flags}`,
  ].join("\n");
}
