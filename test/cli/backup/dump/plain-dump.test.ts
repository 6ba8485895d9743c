import { describe, expect, it } from "vitest";
import { PlainDump } from "../../../../cli/backup/dump/plain-dump.ts";

const read = (...lines: readonly string[]) => {
  const dump = new PlainDump();
  return { dump, taken: lines.map((line) => dump.take(line)) };
};

describe("a plain dump", () => {
  it.each([
    ["ALTER TABLE public.t OWNER TO bob;"],
    ["ALTER LARGE OBJECT 4711 OWNER TO bob;"],
    ["ALTER DEFAULT PRIVILEGES FOR ROLE bob IN SCHEMA public GRANT SELECT ON TABLES TO eve;"],
    ["GRANT SELECT ON TABLE public.t TO eve;"],
    ["REVOKE ALL ON SCHEMA public FROM PUBLIC;"],
    ["SET SESSION AUTHORIZATION 'bob';"],
    ["COMMENT ON EXTENSION pg_trgm IS 'similarity';"],
    ["CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;"],
    ["CREATE PUBLICATION p WITH (publish = 'insert');"],
    ["\\restrict aB3"],
    ["\\unrestrict aB3"],
  ])("loses %s, and keeps the line's place", (line) => {
    expect(read("SELECT 1;", line, "SELECT 2;").taken).toEqual(["SELECT 1;", "", "SELECT 2;"]);
    expect(read(`${line}\r`).taken).toEqual([""]);
  });

  it.each([
    ["a function's body", ["CREATE FUNCTION f() AS $f$", "GRANT SELECT ON t TO eve;", "\\connect x", "$f$;"]],
    ["a body in $$ with another's quote in it", ["DO $$ '", "GRANT SELECT ON t TO eve;", "' $a$ $$;"]],
    ["a text", ["INSERT INTO t VALUES ('a;", "GRANT SELECT ON t TO eve;", "it''s \\d');"]],
    ["a quoted name", ['CREATE TABLE "a;', "GRANT SELECT ON t TO eve;", 'b" (x int);']],
    ["a comment of several lines", ["/* a;", "GRANT SELECT ON t TO eve;", "*/ SELECT 1;"]],
    ["a statement that goes on", ["COMMENT ON TABLE t", "GRANT SELECT ON t TO eve;", "IS 'x';"]],
    ["rows", ["COPY public.t (a) FROM stdin;", "GRANT SELECT ON t TO eve;", "\\N", "ALTER TABLE t OWNER TO x;", "\\."]],
    ["a comment of one line", ["-- it's; \\connect", "SELECT foo$1$bar, 'x' -- '"]],
  ])("keeps what only looks like a statement in %s", (_where, lines) => {
    const { taken, dump } = read(...lines);
    expect(taken).toEqual(lines);
    expect(dump.unfinished).toBeUndefined();
  });

  it("goes on after each of them", () => {
    const grant = "GRANT SELECT ON t TO eve;";
    expect(read("DO $$ x $$;", grant, "COPY t FROM stdin;", "\\.", grant, "SELECT 'a';", grant).taken).toEqual([
      "DO $$ x $$;",
      "",
      "COPY t FROM stdin;",
      "\\.",
      "",
      "SELECT 'a';",
      "",
    ]);
  });

  it("tells the rows of each table, those of a table in parts together", () => {
    const { dump } = read(
      ...["COPY public.t (a, b) FROM stdin;", "1\t2", "3\t\\N", "\\."],
      ...['COPY "Odd ""(1) FROM"".x".t (a) FROM stdin;', "\\.", "COPY public.t (a) FROM stdin;\r", "1\r", "\\.\r"],
    );
    expect([...dump.rows]).toEqual([
      ["public.t", 3],
      ['"Odd ""(1) FROM"".x".t', 0],
    ]);
  });

  it.each([["\\connect other"], ["\\! rm -rf /"], ["SELECT 1; \\copy t from x"], ["SELECT 'a' \\gexec"]])(
    "is refused with %s, which psql alone would do",
    (line) => {
      expect(() => read("SELECT 1;", line)).toThrow(
        /^line 2: got psql's command \\\S+; allowed: the dump of one database, without --create; /,
      );
    },
  );

  it.each([
    [["COPY public.t FROM stdin;", "1"], "the rows of public.t"],
    [["SELECT 'a"], "a quoted text"],
    [["DO $x$ BEGIN"], "a quoted text"],
  ])("that ends within %j says so", (lines, where) => {
    expect(read(...lines).dump.unfinished).toBe(where);
  });
});
