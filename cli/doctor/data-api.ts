import { APP_DATABASE } from "../../components/services/app/index.ts";
import { ANONYMOUS } from "../../components/services/postgrest/api-roles.ts";
import type { Settings } from "../../components/stack/settings.ts";
import { findings, type DoctorFinding } from "./finding.ts";
import { reasonIn, type Query } from "./schemas.ts";

const { error, warning } = findings("data API");

/** Tables of the API that whoever shows no token reads as a whole: nothing there says which rows are theirs. */
export async function dataApiFindings(
  { postgrest: { enabled, schemas } }: Pick<Settings, "postgrest">,
  query: Query,
): Promise<readonly DoctorFinding[]> {
  if (!enabled) return [];
  try {
    const answer = await query(APP_DATABASE.name, openTablesSql(schemas));
    return answer
      .split("\n")
      .filter((line) => line !== "")
      .map((table) =>
        warning(
          `table ${table}: the role ${ANONYMOUS} reads all of its rows, because it has no row security`,
          `in a migration: ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, with a policy (USING (true) where everybody may read it), or REVOKE SELECT ON ${table} FROM ${ANONYMOUS}`,
        ),
      );
  } catch (problem) {
    return [
      error(
        `database ${APP_DATABASE.name}: its tables cannot be asked for (${reasonIn(problem)})`,
        "look at the log of postgres",
      ),
    ];
  }
}

/** A right on one column opens that column's rows too. Without the role, before the first `up`, nothing is open. */
export function openTablesSql(schemas: readonly string[]): string {
  const named = schemas.map((schema) => `'${schema}'`).join(", ");
  return [
    "SELECT format('%I.%I', space.nspname, it.relname) FROM pg_class AS it",
    "JOIN pg_namespace AS space ON space.oid = it.relnamespace",
    `JOIN pg_roles AS role ON role.rolname = '${ANONYMOUS}'`,
    `WHERE space.nspname IN (${named}) AND it.relkind IN ('r', 'p') AND NOT it.relrowsecurity`,
    "AND has_schema_privilege(role.oid, space.oid, 'USAGE') AND has_any_column_privilege(role.oid, it.oid, 'SELECT')",
    "ORDER BY 1",
  ].join(" ");
}
