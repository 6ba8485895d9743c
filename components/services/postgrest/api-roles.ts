import type { Duration } from "../../model/units.ts";
import { APP_DATABASE } from "../app/index.ts";
import type { DatabaseRequest } from "../postgres/roles.ts";

/** Logs in for a data API and becomes `anon` or `authenticated`. */
export const AUTHENTICATOR = "authenticator";
/** Whoever shows no token. */
export const ANONYMOUS = "anon";
/** Whoever shows a token that names no other role of the two. */
export const AUTHENTICATED = "authenticated";

/** Supabase's figures for the same roles. */
const TIMES = { [ANONYMOUS]: "3s", [AUTHENTICATED]: "8s", [AUTHENTICATOR]: "8s" } as const;
/** Twice the pool of PostgREST's default: for a data API that is not the stack's own. */
const OTHERS = 20;

/** The connection on which each replica hears that the schema has changed. */
const LISTENER = 1;
/** An update starts a replica before it stops one. */
const SURGE = 1;
/** PostgREST reads the whole schema under this limit; what it does for somebody runs under the limit of that role. */
const SCHEMA_TIME: Duration = "60s";

/** What asks for the roles. */
export interface ApiRolesArgs {
  /** Whether a data API that is not the stack's own logs in. */
  readonly others: boolean;
  /** The stack's own. @default - it has none */
  readonly own?: { readonly pool: number; readonly replicas: number } | undefined;
}

/** Connections that all replicas hold at once, while one of them is replaced too. */
export function ownConnections({ pool, replicas }: NonNullable<ApiRolesArgs["own"]>): number {
  return (pool + LISTENER) * (replicas + SURGE);
}

/** Row security decides what they see of the tables that the app grants them; they own nothing and nothing lets them past it. */
export function apiRoles({ others, own }: ApiRolesArgs): readonly DatabaseRequest[] {
  if (!others && own === undefined) return [];
  const role = (name: keyof typeof TIMES, more: Partial<DatabaseRequest>): DatabaseRequest => ({
    role: name,
    databases: [],
    connectionLimit: OTHERS,
    statementTimeout: TIMES[name],
    idleInTransactionTimeout: "60s",
    uses: [APP_DATABASE.name],
    inherits: false,
    ...more,
  });
  return [
    role(ANONYMOUS, { login: false }),
    role(AUTHENTICATED, { login: false }),
    role(AUTHENTICATOR, {
      memberOf: [ANONYMOUS, AUTHENTICATED],
      ...(own && {
        connectionLimit: ownConnections(own) + (others ? OTHERS : 0),
        limitedBy: "postgrest.pool",
        statementTimeout: SCHEMA_TIME,
      }),
    }),
  ];
}
