import type { Output } from "@pulumi/pulumi";
import type { Duration } from "../../model/units.ts";

/** A consumer's wish: a role, the databases that it owns, and what it may do elsewhere. */
export interface DatabaseRequest {
  readonly role: string;
  /** Databases that it owns. */
  readonly databases: readonly string[];
  /** What the stack calls the role and its databases, in the same order, where the server has names of its own. @default - the same */
  readonly known?: { readonly role: string; readonly databases: readonly string[] } | undefined;
  /** Extensions of its databases; they stay when no longer named, because columns may need them. @default [] */
  readonly extensions?: readonly string[] | undefined;
  /** Connections that the role may hold at once. */
  readonly connectionLimit: number;
  /** The setting below `apprun:` that the limit comes from. @default - none */
  readonly limitedBy?: string | undefined;
  /** Whether its clients may share connections, a transaction at a time. @default false */
  readonly mayPool?: boolean | undefined;
  /** Connections that its clients hold to what pools them, and that this one holds to the server. @default - each client has its own */
  readonly pooled?: { readonly clients: number; readonly size: number } | undefined;
  /** Time after which the server ends one of its statements. @default - never */
  readonly statementTimeout?: Duration | undefined;
  /** Time for which a transaction of it may stay open without a statement. @default - for ever */
  readonly idleInTransactionTimeout?: Duration | undefined;
  /** Roles that it is a member of, such as `pg_read_all_data`. @default [] */
  readonly memberOf?: readonly string[] | undefined;
  /** Group as which its sessions begin: what they make is the group's. @default - as itself */
  readonly actsAs?: string | undefined;
  /** Whether it has its groups' rights at once, or only after SET ROLE. @default true */
  readonly inherits?: boolean | undefined;
  /** Whether it may log in; else others become it with SET ROLE. @default true */
  readonly login?: boolean | undefined;
  /** Whether it connects to every database, row security does not hold it back and large objects are open to it: a dump must be whole. @default false */
  readonly readsEverything?: boolean | undefined;
  /** Whether it may take base backups and follow the write-ahead log. @default false */
  readonly replicates?: boolean | undefined;
  /** Whether it may end a segment of that log. @default false */
  readonly endsSegments?: boolean | undefined;
  /** Whether no service uses its databases now: they are kept as they are, and no backup asks for them. @default false */
  readonly idle?: boolean | undefined;
  /** Others' databases whose tables it may read, those to come too. @default [] */
  readonly reads?: readonly string[] | undefined;
  /** Others' databases that it may connect to, where it sees what the owner grants it table by table. @default [] */
  readonly uses?: readonly string[] | undefined;
}

/** How a rotated password of a role reaches the server. */
export const PASSWORD_REACHES = "the job that makes the roles sets it";

/** Schema migrations run as the services' own roles: an index on a large table takes minutes, a statement that hangs still ends. */
export const SERVICE_TIMES = {
  statementTimeout: "15m",
  idleInTransactionTimeout: "5m",
} satisfies Partial<DatabaseRequest>;

/** Readers ask for what a page shows. */
export const QUERY_TIMES = {
  statementTimeout: "30s",
  idleInTransactionTimeout: "60s",
} satisfies Partial<DatabaseRequest>;

/** What the roles of a server may hold that services use now, all at once. */
export interface Connections {
  readonly sum: number;
  /** Each role with its figure, and the setting that it comes from. */
  readonly each: string;
  /** What an operator does for a lower sum. */
  readonly fewer: string;
}

export function connectionsOf(requests: readonly DatabaseRequest[]): Connections {
  const roles = requests.filter(({ login = true, idle = false }) => login && !idle);
  const settings = [...new Set(roles.flatMap(({ limitedBy }) => limitedBy ?? []))].map((path) => `apprun:${path}`);
  const pools = roles.some(({ mayPool = false, pooled }) => mayPool && pooled === undefined);
  return {
    sum: roles.reduce((sum, { connectionLimit }) => sum + connectionLimit, 0),
    each: roles
      .map(({ role, connectionLimit, limitedBy }) =>
        [role, connectionLimit, ...(limitedBy === undefined ? [] : [`(${limitedBy})`])].join(" "),
      )
      .join(", "),
    fewer: [`lower ${settings.join(" or ")}`, ...(pools ? ["switch apprun:pgbouncer.enabled on"] : [])].join(", or "),
  };
}

/** A role with the password that it logs in with. */
export interface RoleSpec extends Omit<DatabaseRequest, "login"> {
  /** @default - it cannot log in */
  readonly password?: Output<string> | undefined;
}
