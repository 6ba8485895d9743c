import type { RecordedResource } from "../../../cli/kit/record.ts";

/** What a new database lets everybody do; before 15 the schema was open too. */
const TO_BEGIN_WITH = { database: ["CONNECT", "TEMPORARY"], schema: ["CREATE", "USAGE"] };
const ALL: Record<string, readonly string[]> = {
  database: ["CONNECT", "CREATE", "TEMPORARY"],
  schema: ["CREATE", "USAGE"],
};

class Cells {
  readonly #cells = new Set<string>();

  begin(database: string): void {
    for (const [on, privileges] of Object.entries(TO_BEGIN_WITH)) this.grant(database, on, "PUBLIC", privileges);
  }

  grant(database: string, on: string, to: string, privileges: readonly string[]): void {
    for (const privilege of expanded(on, privileges)) this.#cells.add(`${database}: ${to} ${privilege} on ${on}`);
  }

  revoke(database: string, on: string, to: string, privileges: readonly string[]): void {
    for (const privilege of expanded(on, privileges)) this.#cells.delete(`${database}: ${to} ${privilege} on ${on}`);
  }

  list(): readonly string[] {
    return [...this.#cells].sort();
  }
}

function expanded(on: string, privileges: readonly string[]): readonly string[] {
  return privileges.flatMap((privilege) => (privilege === "ALL" ? (ALL[on] ?? [privilege]) : [privilege]));
}

/** Who may do what after these statements, which psql runs one after the other. */
export function cellsOfSql(sql: string): readonly string[] {
  const cells = new Cells();
  for (const [, database = ""] of sql.matchAll(/CREATE DATABASE "([\w-]+)"/g)) cells.begin(database);
  let here = "postgres";
  for (const line of sql.split("\n")) {
    here = /^\\connect "([\w-]+)"/.exec(line)?.[1] ?? here;
    const statement =
      /^(?:ALTER DEFAULT PRIVILEGES FOR ROLE "(?<owner>[\w-]+)" IN SCHEMA public )?(?<verb>GRANT|REVOKE) (?<privileges>[A-Z, ]+) ON (?<object>DATABASE "(?<database>[\w-]+)"|SCHEMA public|ALL TABLES IN SCHEMA public|TABLES) (?:TO|FROM) "?(?<to>[\w-]+)"?;$/.exec(
        line,
      )?.groups;
    if (statement === undefined) continue;
    const { verb, privileges = "", object = "", database = here, to = "", owner } = statement;
    const on =
      owner === undefined
        ? object.startsWith("DATABASE")
          ? "database"
          : object === "SCHEMA public"
            ? "schema"
            : "table"
        : `table of ${owner} to come`;
    if (verb === "GRANT") cells.grant(database, on, to, privileges.split(", "));
    else cells.revoke(database, on, to, privileges.split(", "));
  }
  return cells.list();
}

/** The same after the provider has made these resources: it revokes all of one before it grants. */
export function cellsOfResources(resources: readonly RecordedResource[]): readonly string[] {
  const cells = new Cells();
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  for (const { type, inputs } of resources) {
    const privileges = (inputs["privileges"] ?? []) as readonly string[];
    const [database, role, objectType, owner] = ["database", "role", "objectType", "owner"].map((key) =>
      text(inputs[key]),
    );
    if (type.endsWith(":Database")) cells.begin(text(inputs["name"]));
    if (database === undefined || objectType === undefined || role === undefined) continue;
    const to = role === "public" ? "PUBLIC" : role;
    const on = type.endsWith(":DefaultPrivileges") ? `table of ${owner} to come` : objectType;
    if (!/:(Grant|DefaultPrivileges)$/.test(type)) continue;
    cells.revoke(database, on, to, ["ALL"]);
    cells.grant(database, on, to, privileges);
  }
  return cells.list();
}

export interface DescribedRole {
  readonly login: boolean;
  readonly inherits: boolean;
  readonly limit: number;
  readonly memberOf: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
}

/** Every role after these statements. */
export function rolesOfSql(sql: string): Readonly<Record<string, DescribedRole>> {
  return Object.fromEntries(
    [...sql.matchAll(/^ALTER ROLE "([\w-]+)" WITH (NO)?LOGIN (NO)?INHERIT .*LIMIT (\d+);$/gm)].map(
      ([, role = "", login, inherits, limit]) => [
        role,
        {
          login: login === undefined,
          inherits: inherits === undefined,
          limit: Number(limit),
          memberOf: [...sql.matchAll(new RegExp(`^GRANT "([\\w-]+)" TO "${role}";$`, "gm"))]
            .map(([, group = ""]) => group)
            .sort(),
          settings: settingsOfSql(sql, role),
        },
      ],
    ),
  );
}

function settingsOfSql(sql: string, role: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...sql.matchAll(new RegExp(`^ALTER ROLE "${role}" SET (\\w+) = '(.*)';$`, "gm"))].map(
      ([, name = "", value = ""]) => [name, value],
    ),
  );
}

/** The same of the provider's resources and of the job that does the rest. */
export function rolesOfResources(
  resources: readonly RecordedResource[],
  rest: string,
): Readonly<Record<string, DescribedRole>> {
  const settings = {
    statement_timeout: "statementTimeout",
    idle_in_transaction_session_timeout: "idleInTransactionSessionTimeout",
    role: "assumeRole",
  };
  return Object.fromEntries(
    resources
      .filter(({ type }) => type.endsWith(":Role"))
      .map(({ inputs }): [string, DescribedRole] => {
        const name = String(inputs["name"]);
        const given = Object.entries(settings).flatMap(([setting, input]) =>
          inputs[input] === undefined ? [] : [[setting, String(inputs[input] as string | number)] as const],
        );
        return [
          name,
          {
            login: inputs["login"] === true,
            inherits: inputs["inherit"] === true,
            limit: Number(inputs["connectionLimit"]),
            memberOf: (inputs["roles"] ?? []) as readonly string[],
            settings: { ...settingsOfSql(rest, name), ...Object.fromEntries<string>(given) },
          },
        ];
      }),
  );
}
