import type { Duration } from "../../model/units.ts";
import { APP_DATABASE } from "../app/index.ts";
import type { DatabaseRequest } from "./roles.ts";

/** Logs in for a data API and becomes `anon` or `authenticated`. */
export const AUTHENTICATOR = "authenticator";
/** Twice the pool of PostgREST's default. */
const CONNECTIONS = 20;
/** Supabase's figures for the same roles. */
const TIMES: Readonly<Record<"anon" | "authenticated" | "authenticator", Duration>> = {
  anon: "3s",
  authenticated: "8s",
  authenticator: "8s",
};

/** Row security decides what they see of the tables that the app grants them; they own nothing and nothing lets them past it. */
export function apiRoles(): readonly DatabaseRequest[] {
  const role = (name: keyof typeof TIMES, more: Partial<DatabaseRequest>): DatabaseRequest => ({
    role: name,
    databases: [],
    connectionLimit: CONNECTIONS,
    statementTimeout: TIMES[name],
    idleInTransactionTimeout: "60s",
    uses: [APP_DATABASE.name],
    inherits: false,
    ...more,
  });
  return [
    role("anon", { login: false }),
    role("authenticated", { login: false }),
    role(AUTHENTICATOR, { memberOf: ["anon", "authenticated"] }),
  ];
}
