import type { Problem } from "../../model/problem.ts";
import { complaintSql } from "./complaint-sql.ts";
import type { DatabaseRequest } from "./roles.ts";

const MISSING: Problem = {
  got: "database %I: it is not there",
  allowed: "one that is, because the settings name it",
  fix: "make it, or correct apprun:postgres.external.databases",
};

const FOREIGN_TABLES: Problem = {
  got: "database %I: %s of its tables, views and sequences belong to %s",
  allowed: "to %I, which changes them in migrations",
  fix: "run there as the server's owner: REASSIGN OWNED BY %I TO %I",
};

/** SQL for psql that yields one line for each thing that is wrong with a database that was there before the stack. */
export function namedDatabasesSql(requests: readonly DatabaseRequest[]): string {
  return requests
    .flatMap(({ role, databases, known }) =>
      databases.filter((name, index) => name !== known?.databases[index]).map((name) => namedSql(name, role)),
    )
    .join("");
}

/** A restore that was interrupted may have set it aside, which the job that makes roles says. */
function namedSql(database: string, role: string): string {
  const [name, owner] = [`'${database}'`, `'${role}'`];
  return `SELECT EXISTS (SELECT FROM pg_database WHERE datname = '${database}') AS there \\gset
\\if :there
\\connect "${database}"
SELECT ${complaintSql(FOREIGN_TABLES, name, "count(*)", "owner", owner, "owner", owner)}
  FROM (SELECT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')) AS found
 WHERE owner <> '${role}' GROUP BY owner ORDER BY owner;
\\else
SELECT ${complaintSql(MISSING, name)} WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '${database}__before');
\\endif
`;
}
