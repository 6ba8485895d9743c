import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDump } from "../../cli/backup/dump/dump-file.ts";
import { sendDump } from "../../cli/backup/dump/send-dump.ts";
import { ScriptHost } from "../services/backup/host/scripts.ts";
import { Server } from "../services/backup/host/server.ts";
import { makeDatabase } from "../services/backup/host/stack.ts";
import { BOTH, GNU, POSTGRES, type Tools } from "../services/backup/host/tools.ts";

const pipeline = (process.env["CI"] ?? "") !== "";
const directory = mkdtempSync(join(tmpdir(), "dump-"));
execFileSync("chmod", ["777", directory]);

/** Another system: owners, rights, names and texts that look like statements. */
const THEIRS = `
CREATE SCHEMA shop AUTHORIZATION bob;
CREATE TABLE shop."Odd ""Name"" (1)" (id int PRIMARY KEY, note text);
INSERT INTO shop."Odd ""Name"" (1)" VALUES (1, 'GRANT ALL ON x TO y;'), (2, E'two\\nlines\\\\.'), (3, NULL);
CREATE TABLE parted (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
INSERT INTO parted SELECT g, '2020-02-02' FROM generate_series(1, 50) g;
CREATE TABLE kin (a int); CREATE TABLE child (b int) INHERITS (kin);
INSERT INTO kin VALUES (1); INSERT INTO child VALUES (2, 3), (4, 5);
CREATE TABLE nothing (a int);
CREATE TABLE numbered (id serial PRIMARY KEY, f float8, b bytea, t timestamptz, j jsonb);
INSERT INTO numbered (f, b, t, j) SELECT g / 3.0, decode('00ff5c', 'hex'), timestamptz '2020-01-01 00:00+05' + g * interval '1 hour', '{"a": "é"}' FROM generate_series(1, 500) g;
CREATE VIEW seen AS SELECT count(*) FROM numbered;
CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $f$
BEGIN
ALTER TABLE kin OWNER TO bob;
GRANT SELECT ON kin TO PUBLIC;
RETURN '\\connect other';
END $f$;
ALTER TABLE numbered ENABLE ROW LEVEL SECURITY;
SELECT lo_from_bytea(4711, 'large');
COMMENT ON TABLE kin IS 'a;
GRANT SELECT ON kin TO PUBLIC;
b';
ALTER DEFAULT PRIVILEGES FOR ROLE bob GRANT SELECT ON TABLES TO eve;
GRANT ALL ON ALL TABLES IN SCHEMA public, shop TO eve;
CREATE PUBLICATION copies FOR TABLE kin;
DO $$ DECLARE r record; BEGIN
  FOR r IN SELECT oid::regclass AS t FROM pg_class WHERE relkind IN ('r', 'p', 'v') AND relnamespace IN ('public'::regnamespace, 'shop'::regnamespace)
  LOOP EXECUTE format('ALTER TABLE %s OWNER TO bob', r.t); END LOOP; END $$;
ALTER LARGE OBJECT 4711 OWNER TO bob; ALTER FUNCTION f() OWNER TO bob;
`;

describe.skipIf(POSTGRES === undefined && !pipeline)(
  "the import of another system's dump (skipped without PostgreSQL's programs, except in a pipeline)",
  { timeout: 120_000 },
  () => {
    let server: Server;
    const [custom, plain, inserts] = ["custom", "plain.sql", "inserts.sql"].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    const facts = (database: string) =>
      server.sql(
        database,
        `SELECT string_agg(t || ' ' || (xpath('/row/c/text()', query_to_xml(format('SELECT count(*) || md5(convert_to(coalesce(string_agg(x::text, chr(10) ORDER BY x::text), ''''), ''UTF8'')) AS c FROM ONLY %s x', t), true, true, '')))[1]::text, E'\\n' ORDER BY t) FROM (SELECT oid::regclass::text AS t FROM pg_class WHERE relkind = 'r' AND relnamespace IN ('public'::regnamespace, 'shop'::regnamespace)) AS tables`,
      );
    const dump = (file: string, ...options: readonly string[]) =>
      execFileSync("pg_dump", [...options, "--file", file, "theirs"], { env: { PATH: GNU.path, ...server.env } });
    const others = (database: string) =>
      server.sql(
        database,
        "SELECT string_agg(DISTINCT pg_get_userbyid(relowner) || ' ' || coalesce(relacl::text, 'own'), ',') FROM pg_class WHERE relnamespace IN ('public'::regnamespace, (SELECT oid FROM pg_namespace WHERE nspname = 'shop'))",
      );
    const databases = () =>
      server.sql(
        "postgres",
        "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE datname ~ '^app'",
      );

    beforeAll(() => {
      server = new Server("--locale", "C.UTF-8", "--encoding", "UTF8");
      server.sql("postgres", 'CREATE ROLE bob; CREATE ROLE eve; CREATE ROLE "app-owner" LOGIN');
      server.sql("postgres", "CREATE DATABASE theirs ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0 OWNER bob");
      server.sql("theirs", THEIRS);
      dump(custom, "--format", "custom");
      dump(plain);
      dump(inserts, "--inserts", "--table", "kin", "--table", "nothing");
    });
    afterAll(() => {
      server.stop();
    });

    /** A stack with the database `app`, and the file as the command line sends it. */
    async function received(tools: Tools, file: string): Promise<ScriptHost> {
      const host = new ScriptHost(tools, { ...server.env, BACKUP_DATABASES: "app", BACKUP_TREES: "" });
      for (const secret of ["database-password", "admin-password"]) host.write(`secrets/${secret}`, "unused\n");
      makeDatabase(server, "CREATE TABLE own AS SELECT 7 AS n", `OWNER "app-owner"`);
      expect(host.run("restore.sh", "receive")).toMatchObject({ status: 0 });
      const sent = {
        send: async ({ name, content }: { name: string; content: NodeJS.ReadableStream }) => {
          writeFileSync(
            host.at(`backup/work/${name}`),
            Buffer.from(await text(content.setEncoding("latin1")), "latin1"),
          );
        },
      };
      await sendDump(sent, await openDump(file));
      return host;
    }

    describe.each(BOTH)("with $name", (tools) => {
      it.each([["custom"], ["plain.sql"]])("loads all of %s as the stack's role, and compares it", async (file) => {
        const host = await received(tools, join(directory, file));
        expect(host.run("tables.sh", "app")).toMatchObject({ status: 0, stdout: "public.own\n" });
        const { status, stdout, stderr } = host.run("restore.sh", "load");
        expect(status, stderr).toBe(0);
        expect(JSON.parse(stdout)).toMatchObject({
          notCounted: [],
          tables: {
            'shop.Odd "Name" (1)': { rows: 3 },
            "public.parted_1": { rows: 50 },
            "public.kin": { rows: 3 },
            "public.nothing": { rows: 0 },
            "public.numbered": { rows: 500 },
          },
        });
        expect(databases()).toBe("app app__restoring");
        expect(server.sql("app", "SELECT n FROM own")).toBe("7");
        expect(host.run("restore.sh", "swap")).toMatchObject({ status: 0 });
        expect(facts("app")).toBe(facts("theirs"));
        expect(others("app")).toBe("app-owner own");
        expect(
          server.sql(
            "app",
            "SELECT f(), convert_from(lo_get(4711), 'UTF8'), nextval('numbered_id_seq'), obj_description('kin'::regclass) = E'a;\\nGRANT SELECT ON kin TO PUBLIC;\\nb', (SELECT count(*) FROM pg_publication)",
          ),
        ).toBe("\\connect other|large|501|t|0");
        expect(
          server.sql(
            "postgres",
            "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate, datacl FROM pg_database WHERE datname = 'app'",
          ),
        ).toBe('app-owner|UTF8|C.UTF-8|{"\\"app-owner\\"=CTc/\\"app-owner\\""}');
        expect(host.run("restore.sh", "finish")).toMatchObject({ status: 0 });
        expect(databases()).toBe("app");
      });

      it("names tables whose rows nobody can count in the file", async () => {
        const { status, stdout } = (await received(tools, inserts)).run("restore.sh", "load");
        expect([status, JSON.parse(stdout)]).toMatchObject([0, { notCounted: ["public.kin"] }]);
      });

      it("leaves everything as it was where the file cannot be loaded, or has other rows than were loaded", async () => {
        const cut = join(directory, "cut");
        writeFileSync(cut, readFileSync(custom));
        truncateSync(cut, readFileSync(custom).length - 2000);
        const broken = await received(tools, cut);
        expect(broken.run("restore.sh", "load")).toMatchObject({
          status: 1,
          stderr: expect.stringMatching(
            /failed: the file cannot be .* see the message above; nothing was overwritten\n$/,
          ) as string,
        });
        const other = await received(tools, plain);
        other.write("backup/work/import.counts", other.read("backup/work/import.counts").replace("\t500", "\t501"));
        expect(other.run("restore.sh", "load")).toMatchObject({
          status: 1,
          stderr: expect.stringContaining(
            "failed: database app: rows of the file (public.numbered\t501) are not those of the loaded copy (public.numbered\t500); nothing was overwritten",
          ) as string,
        });
        expect(databases()).toBe("app");
        expect(server.sql("app", "SELECT n FROM own")).toBe("7");
        // Nobody is turned away by what failed.
        expect(other.run("restore.sh", "receive")).toMatchObject({ status: 0 });
      });

      it("can be undone", async () => {
        const host = await received(tools, custom);
        for (const step of ["load", "swap", "undo"]) expect(host.run("restore.sh", step)).toMatchObject({ status: 0 });
        expect([databases(), server.sql("app", "SELECT n FROM own")]).toEqual(["app", "7"]);
      });
    });
  },
);
