import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { containers, docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { generatedSecrets } from "../support/e2e/inspect.ts";
import { MATRIX, OWNED, type Privileges } from "../support/e2e/privileges.ts";

const STACK = "pr-601";
const SERVER = `apprun-${STACK}-postgres`;
const PLAIN = {
  ...SMALL,
  temporal: { enabled: true },
  backup: { enabled: true },
  prometheus: { ...SMALL.prometheus, enabled: true },
};
const EVERY_ROLE = {
  ...PLAIN,
  app: { ...SMALL.app, dbIdleTransactionTimeout: "2s" },
  grafana: { ...SMALL.grafana, appDatabase: true },
  postgres: { ...SMALL.postgres, apiRoles: true, replica: { enabled: true }, extensions: ["pgcrypto", "uuid-ossp"] },
};
const DATABASES = [...OWNED, "postgres"];
const OWNER = { apprun: "apprun", kratos: "kratos", temporal: "temporal", temporal_visibility: "temporal" } as const;

describe("every role with every database", { timeout: 600_000 }, () => {
  const project = new TestProject(STACK, EVERY_ROLE);
  let passwords: Record<string, string>;

  /** psql as a role, over the network: on its loopback the server asks nobody for a password. */
  const psql = async (role: string, database: string, script: string): Promise<string> => {
    const password = passwords[role === "postgres" ? "postgres-superuser" : `postgres-provision-${role}`] ?? "none";
    const command = [
      "exec",
      "-e",
      `PGPASSWORD=${password}`,
      SERVER,
      "bash",
      "-c",
      'psql -XAtq -h postgres -U "$0" -d "$1" 2>&1 <<<"$2" || true',
    ];
    return docker(...command, role, database, script);
  };
  const sql = async (database: string, statement: string) => (await psql("postgres", database, statement)).trim();

  beforeAll(async () => {
    await wipe(STACK);
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    await project.rememberSalt();
    passwords = await generatedSecrets(project);
    // The owner's tables, made after the roles: what a reader sees must not depend on the order.
    for (const database of OWNED)
      await psql(
        OWNER[database],
        database,
        `CREATE TABLE privilege_target AS SELECT 1 AS n;
         CREATE TABLE privilege_hidden AS SELECT 1 AS n; ALTER TABLE privilege_hidden ENABLE ROW LEVEL SECURITY; ALTER TABLE privilege_hidden FORCE ROW LEVEL SECURITY;`,
      );
    await psql("apprun", "apprun", "GRANT SELECT ON privilege_hidden TO anon, authenticated, authenticator;");
  });
  afterAll(() => wipe(STACK));

  /** Tries everything in one database; what a role did is undone. */
  async function attempts(role: string, database: string, become: string): Promise<Record<string, string>> {
    const attempt = (name: string, statement: string) =>
      `BEGIN;\n${statement}\n\\if :ERROR\n\\echo ${name}=no\n\\else\n\\echo ${name}=yes\n\\endif\nROLLBACK;`;
    const script = [
      become,
      "\\echo connects=yes",
      attempt("createsTables", "CREATE TABLE public.privilege_probe (n int);"),
      attempt("reads", "SELECT FROM public.privilege_target;"),
      attempt("writes", "INSERT INTO public.privilege_target VALUES (2);"),
      attempt("createsRoles", "CREATE ROLE privilege_probe;"),
      attempt("readsPasswords", "SELECT FROM pg_shadow;"),
      "SELECT 'passesRowSecurity=' || CASE count(*) WHEN 0 THEN 'no' ELSE 'yes' END FROM public.privilege_hidden;",
      "CREATE DATABASE privilege_probe;",
      "\\if :ERROR\n\\echo createsDatabases=no\n\\else\n\\echo createsDatabases=yes\nDROP DATABASE privilege_probe;\n\\endif",
      "SELECT 'statementTimeout=' || current_setting('statement_timeout');",
    ].join("\n");
    return Object.fromEntries(
      [...(await psql(role, database, script)).matchAll(/^(\w+)=(.*)$/gm)].map(([, key = "", value = ""]) => [
        key,
        value,
      ]),
    );
  }

  it.each(MATRIX)("$role may do what the matrix says, and nothing else", async (expected) => {
    const { role, by } = expected;
    const found = new Map<string, Record<string, string>>();
    for (const database of DATABASES)
      found.set(database, await attempts(by ?? role, database, by === undefined ? "" : `SET ROLE ${role};`));
    const where = (key: string) => DATABASES.filter((database) => found.get(database)?.[key] === "yes");
    const anywhere = (key: string) => where(key).length > 0;
    const seen = [...new Set([...found.values()].flatMap(({ statementTimeout }) => statementTimeout ?? []))];
    const direct =
      by === undefined
        ? where("connects")
        : (await attempts(role, "apprun", ""))["connects"] === "yes"
          ? ["apprun"]
          : [];
    expect({
      role,
      ...(by !== undefined && { by }),
      connects: direct,
      createsTables: where("createsTables"),
      reads: where("reads"),
      writes: where("writes"),
      passesRowSecurity: where("passesRowSecurity"),
      createsDatabases: anywhere("createsDatabases"),
      createsRoles: anywhere("createsRoles"),
      readsPasswords: anywhere("readsPasswords"),
      statementTimeout: seen.join(),
    } satisfies Privileges).toEqual(expected);
  });

  it("ends a statement that takes too long, and a transaction that is left open", async () => {
    const long = (role: string, database: string, span: number) => psql(role, database, `SELECT pg_sleep(${span});`);
    const ended = await Promise.all([
      long("authenticator", "apprun", 9),
      long("grafana", "apprun", 31),
      long("monitoring", "kratos", 31),
    ]);
    for (const answer of ended) expect(answer).toContain("canceling statement due to statement timeout");
    expect(await psql("apprun", "apprun", "BEGIN;\n\\! sleep 3\nSELECT 1;")).toContain("idle-in-transaction timeout");
  });

  it("gives a role no more connections than its limit", async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => psql("grafana", "apprun", "SELECT pg_sleep(5);")),
    );
    expect(answers.filter((answer) => answer.includes('too many connections for role "grafana"'))).not.toEqual([]);
  });

  it("lets Grafana's role write nothing even where it asks for it", async () => {
    expect(
      await psql("grafana", "apprun", "SET default_transaction_read_only = off; DELETE FROM privilege_target;"),
    ).toContain("permission denied");
  });

  it("has the extensions in the app's database and nowhere else", async () => {
    const installed = async (database: string) =>
      (
        await sql(database, "SELECT extname FROM pg_extension WHERE extname IN ('pgcrypto', 'uuid-ossp') ORDER BY 1")
      ).split("\n");
    expect(await installed("apprun")).toEqual(["pgcrypto", "uuid-ossp"]);
    expect(await installed("kratos")).toEqual([""]);
  });

  it("keeps passwords out of the server's log", async () => {
    const log = await docker("logs", SERVER);
    expect(Object.values(passwords).filter((password) => log.includes(password))).toEqual([]);
  });

  it("takes the login from roles that no setting asks for, and changes nothing on the next run", async () => {
    expect(await psql("authenticator", "apprun", "SELECT 'in';")).toContain("in");
    project.configure(PLAIN);
    // The replica's volume stays where it is.
    expect(await project.cli(["up", "--forget-data", "--confirm", STACK])).toMatchObject({ code: 0 });
    for (const role of ["authenticator", "grafana"])
      expect(await psql(role, "apprun", "SELECT 'in';")).toContain("password authentication failed");
    expect(
      await sql("postgres", "SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolcanlogin"),
    ).toBe("apprun backup kratos monitoring postgres temporal");
    expect(await psql("backup", "apprun", "SELECT 'in';")).toContain("in");
    const before = await containers(STACK);
    expect(await project.cli(["up"])).toMatchObject({ code: 0 });
    expect(await containers(STACK)).toEqual(before);
  });
});
