import { schemaVersions } from "../../components/stack/schema-versions.ts";
import type { Settings } from "../../components/stack/settings.ts";
import { happenedIn } from "../kit/exit.ts";
import { findings, type DoctorFinding } from "./finding.ts";

const { error, warning } = findings("schemas");

/** Asks a database of the stack's own server; returns what psql printed. */
export type Query = (database: string, sql: string) => Promise<string>;

/** PostgreSQL's own words in what psql answered with. */
export function reasonIn(problem: unknown): string {
  const text = happenedIn(problem);
  return /(?:ERROR|FATAL): +(.*)/.exec(text)?.[1] ?? text.split("\n")[0] ?? "";
}

/** Where a database has another schema than the image that works on it needs. `rerun` names the command that runs a job again. */
export async function schemaFindings(
  settings: Settings,
  query: Query,
  rerun: (job: string) => string,
): Promise<readonly DoctorFinding[]> {
  const found: DoctorFinding[] = [];
  for (const { database, sql, reference, needs, job } of schemaVersions(settings)) {
    if (needs === undefined) continue;
    const has = await query(database, sql).catch((problem: unknown) => {
      found.push(error(`database ${database}: its schema cannot be asked for (${reasonIn(problem)})`, rerun(job)));
    });
    if (has === undefined) continue;
    const version = has.trim();
    const order = version.localeCompare(needs, "en", { numeric: true });
    const message = `database ${database}: its schema is ${version || "not there"}; ${reference} works on ${needs}`;
    if (order < 0) found.push(error(message, rerun(job)));
    if (order > 0) found.push(warning(message, "deploy the image that made it, or restore a set from before"));
  }
  return found;
}
