import { seconds, type Duration } from "../../model/units.ts";
import type { RoleSpec } from "./roles.ts";

/** What a role's sessions begin with: the server's own settings by name. */
export function roleSettings({
  statementTimeout,
  idleInTransactionTimeout,
  readsEverything = false,
  reads = [],
  actsAs,
}: RoleSpec): readonly (readonly [string, string])[] {
  const span = (name: string, duration: Duration | undefined) =>
    // In milliseconds without a unit: the engine's provider reads nothing else.
    duration === undefined ? [] : [[name, String(seconds(duration) * 1000)] as const];
  return [
    ...span("statement_timeout", statementTimeout),
    ...span("idle_in_transaction_session_timeout", idleInTransactionTimeout),
    ...(readsEverything ? [["lo_compat_privileges", "on"] as const] : []),
    ...(reads.length > 0 ? [["default_transaction_read_only", "on"] as const] : []),
    ...(actsAs === undefined ? [] : [["role", actsAs] as const]),
  ];
}
