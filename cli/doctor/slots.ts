import { SLOT } from "../../components/services/postgres/replica/names.ts";
import type { Settings } from "../../components/stack/settings.ts";
import { findings, type DoctorFinding } from "./finding.ts";
import type { Query } from "./schemas.ts";

const { warning } = findings("slots");

/** Log that the server keeps for somebody who does not take it: without `max_slot_wal_keep_size` until its disk is full. */
export async function slotFindings(
  { postgres: { replica } }: Pick<Settings, "postgres">,
  query: Query,
): Promise<readonly DoctorFinding[]> {
  // A server that cannot be asked is a finding of another check.
  const answer = await query("postgres", idleSlotsSql(replica.enabled)).catch(() => "");
  return answer
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [slot = "", kept = "", bound = ""] = line.split("|");
      return warning(
        `PostgreSQL keeps ${kept} of its log for the replication slot ${slot}, which nobody reads${bound === "-1" ? ", and no limit ends it before the disk is full" : `; at most ${bound}`}`,
        `if nobody is to read it again: npm run psql -- postgres --write -- -c "select pg_drop_replication_slot('${slot}')"`,
      );
    });
}

/** The stack's own replica, where it is on, has alerts and a container that says how it is. */
export function idleSlotsSql(hasReplica: boolean): string {
  return [
    "SELECT slot_name || '|' || pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)) || '|' || current_setting('max_slot_wal_keep_size')",
    "FROM pg_replication_slots WHERE NOT active AND NOT temporary AND restart_lsn IS NOT NULL",
    ...(hasReplica ? [`AND slot_name <> '${SLOT}'`] : []),
    "ORDER BY slot_name",
  ].join(" ");
}
