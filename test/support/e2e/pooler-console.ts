import { CONSOLE, POOLER_PORT, STATS_USER, USERS_FILE } from "../../../components/services/pgbouncer/config.ts";
import type { Inside } from "./inside.ts";

/** What the console of one PgBouncer says of the clients and servers of a role. */
export interface PoolFigures {
  readonly clients: number;
  readonly servers: number;
  /** Transactions since it was started, of all of the database's roles. */
  readonly transactions: number;
}

/** Asks from inside of its container, as the user that reads figures. */
export async function poolFigures(pooler: Inside, role: string): Promise<PoolFigures> {
  const ask = async (what: string): Promise<readonly Record<string, string>[]> => {
    const password = `$(sed -n 's/^"${STATS_USER}" "\\(.*\\)"$/\\1/p' ${USERS_FILE})`;
    const psql = `psql -h 127.0.0.1 -p ${POOLER_PORT} -U ${STATS_USER} -d ${CONSOLE} -Xq --csv -c "SHOW ${what}"`;
    const [names = "", ...rows] = (await pooler("sh", "-c", `PGPASSWORD="${password}" ${psql}`)).trim().split("\n");
    return rows.map((row) => {
      const values = row.split(",");
      return Object.fromEntries(names.split(",").map((name, index) => [name, values[index] ?? ""]));
    });
  };
  const sum = (rows: readonly Record<string, string>[], ...columns: readonly string[]) =>
    rows.flatMap((row) => columns.map((column) => Number(row[column]))).reduce((all, each) => all + each, 0);
  const pools = (await ask("POOLS")).filter(({ user }) => user === role);
  const stats = (await ask("STATS")).filter(({ database }) => database !== CONSOLE);
  return {
    clients: sum(pools, "cl_active", "cl_waiting"),
    servers: sum(pools, "sv_active", "sv_idle", "sv_used"),
    transactions: sum(stats, "total_xact_count"),
  };
}
