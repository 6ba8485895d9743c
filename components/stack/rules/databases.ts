import type { Service } from "../../services/service.ts";
import { EVERYTHING } from "../../services/postgres/engine/resources.ts";
import { problem, type Rule } from "../../settings/kit/rule.ts";
import type { SettingsProblem } from "../../settings/kit/settings-problem.ts";
import { nearestOf } from "../../settings/kit/unknown-key.ts";
import { databaseRoles } from "../database-roles.ts";
import type { Settings } from "../settings.ts";

/** What PostgreSQL keeps for itself, or takes for everybody. */
const POSTGRES_DATABASES = ["postgres", "template0", "template1"];
const POSTGRES_ROLES = ["public", "none"];
/** What a restore appends to the name of a database while it has two. */
const BESIDE = /__(before|restoring)$/;

/** Names of roles and databases that are on a managed server already. */
export function databaseRules(services: readonly Service<Settings>[]): readonly Rule<Settings>[] {
  return [
    (settings) => problemsOf("databases", settings, services),
    (settings) => problemsOf("roles", settings, services),
    (settings) => adoptProblems(settings, services),
  ];
}

/** What PostgreSQL would take for a role or database of its own. */
export function isReservedRole(role: string): boolean {
  return POSTGRES_ROLES.includes(role) || POSTGRES_DATABASES.includes(role) || role.startsWith("pg_");
}

function problemsOf(
  what: "databases" | "roles",
  settings: Settings,
  services: readonly Service<Settings>[],
): readonly SettingsProblem[] {
  const { external } = settings.postgres;
  if (external === undefined) return [];
  const pairs = pairsOf(what, settings, services);
  const known = pairs.map(([name]) => name).sort();
  return Object.entries(external[what]).flatMap(([name, given]) => {
    const path = `postgres.external.${what}.${name}`;
    if (!known.includes(name)) {
      const near = nearestOf(name, known);
      return [
        problem(
          path,
          "a name that the stack has not",
          known.join(", "),
          near === undefined ? "remove it" : `did you mean "${near}"?`,
        ),
      ];
    }
    const got = JSON.stringify(given);
    if (what === "roles" && given === external.adminUser)
      return [
        problem(path, `${got}, which is adminUser`, "a role that only owns what is its own", "name another role"),
      ];
    const reserved =
      what === "roles" ? isReservedRole(given) : POSTGRES_DATABASES.includes(given) || BESIDE.test(given);
    if (reserved) return [problem(path, got, "a name that neither PostgreSQL nor a restore needs", "name another")];
    const other = pairs.find(([each, theirs]) => each !== name && theirs === given)?.[0];
    return other === undefined
      ? []
      : [problem(path, `${got}, which ${other} has too`, "one of its own for each", "name another")];
  });
}

function adoptProblems(settings: Settings, services: readonly Service<Settings>[]): readonly SettingsProblem[] {
  const { external } = settings.postgres;
  if (external === undefined || external.adopt.length === 0) return [];
  const path = "postgres.external.adopt";
  if (external.provisioning !== "engine")
    return [
      problem(
        path,
        JSON.stringify(external.adopt),
        "nothing with provisioning job, which takes what is there",
        "remove it or set postgres.external.provisioning to engine",
      ),
    ];
  const kinds = ["roles", "databases"] as const;
  const known = [
    ...new Set(kinds.flatMap((what) => pairsOf(what, settings, services).map(([name]) => name))),
    EVERYTHING,
  ].sort();
  return external.adopt
    .filter((name) => !known.includes(name))
    .map((name) => problem(path, JSON.stringify(name), known.join(", "), "remove it"));
}

/** The stack's name and the server's, for each. */
function pairsOf(
  what: "databases" | "roles",
  settings: Settings,
  services: readonly Service<Settings>[],
): readonly (readonly [string, string])[] {
  return databaseRoles(settings, services).flatMap(({ role, databases, known = { role, databases } }) =>
    what === "roles"
      ? [[known.role, role] as const]
      : known.databases.map((name, index) => [name, databases[index] ?? name] as const),
  );
}
