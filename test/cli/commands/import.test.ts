import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { importDump, type ImportOptions } from "../../../cli/commands/import.ts";
import { run as runIn, NEW, type World } from "../../support/fakes/restore-world.ts";

const FILE = join(mkdtempSync(join(tmpdir(), "dump-")), "shop.dump");
writeFileSync(FILE, "PGDMP archive");

const LOADED = { tables: { "public.t": { rows: 3, checksum: "1" }, "public.u": { rows: 4, checksum: "2" } } };
const BACKED_UP = [`tables.sh apprun`, "backup.sh"];
const PREPARED = [...BACKED_UP, "open restore", "receive", "send import.dump", "load"];
const SWAPPED = [...PREPARED, "stop consumers", "swap", "database jobs"];
const FINISH = "to keep the restored data run: npm run restore -- --finish --stack dev";
const UNDO = "to put the old data back: npm run restore -- --undo --stack dev";

const run = ({
  file = FILE,
  tables = "",
  database = "apprun",
  notCounted = [],
  importing = {},
  ...world
}: Omit<World, "command" | "answers"> & {
  readonly file?: string;
  readonly tables?: string;
  readonly database?: string;
  readonly notCounted?: readonly string[];
  readonly importing?: Partial<ImportOptions>;
} = {}) =>
  runIn({
    ...world,
    answers: {
      [`tables.sh ${database}`]: tables,
      "backup.sh": `progress\n{"set":"${NEW}"}\n`,
      load: `${JSON.stringify({ ...LOADED, notCounted })}\n`,
    },
    command: (system) =>
      importDump(file, { stack: "dev", cwd: ".", database: "apprun", confirm: "dev", ...importing }, system),
  });

describe("an import that goes well", () => {
  it("takes a backup, loads beside the data, and goes on as a restore does", async () => {
    const { log, code, left, stdout, opened } = await run();
    expect(log).toEqual([...SWAPPED, "start consumers", "observe", "finish", "close"]);
    expect({ code, left }).toEqual({ code: 0, left: undefined });
    expect(stdout).toMatch(
      /^shop\.dump: 2 tables with 7 rows are in database apprun after [\d.]+ s; the stack was down for [\d.]+ s of them\n$/,
    );
    expect(opened).toEqual({
      administratorPassword: "of postgres",
      parts: { databases: true, files: false, accept: [], database: "apprun" },
    });
  });

  it("prints data where that is asked for, and names what was not counted where it is not", async () => {
    const world = { notCounted: ["public.u"] };
    const { seconds, downtimeSeconds, ...rest } = JSON.parse(
      (await run({ ...world, importing: { json: true } })).stdout,
    ) as Record<string, unknown>;
    expect(rest).toEqual({ database: "apprun", file: "shop.dump", set: NEW, ...LOADED, notCounted: ["public.u"] });
    expect([typeof seconds, typeof downtimeSeconds]).toEqual(["number", "number"]);
    expect((await run(world)).stdout).toContain(
      "\nloaded without an error, but not counted in the file, which has INSERT there: public.u\n",
    );
  });

  it("takes the place of tables that are there where that is said", async () => {
    expect(await run({ tables: "public.own\n", importing: { replace: true } })).toMatchObject({ code: 0 });
  });

  it("goes to the database that a managed server calls so, and to that of a service", async () => {
    const external = { host: "db.example.com", adminUser: "keeper", databases: { apprun: "shop" } };
    const settings = {
      services: {
        "re-port": {
          image: { repository: "example/report", tag: "1", uid: 1000, gid: 1000, probeCommand: ["true"] },
          connectsTo: ["postgres"],
          port: 8080,
        },
      },
    };
    const service = await run({ settings, database: "re_port", importing: { database: "re_port" } });
    expect([service.code, service.opened?.parts?.database]).toEqual([0, "re_port"]);
    const named = await run({
      settings: { postgres: { mode: "external", external } },
      secrets: { postgresAdminPassword: secret("x") },
      database: "shop",
    });
    expect(named.opened?.parts?.database).toBe("shop");
  });
});

describe("an import that is refused", () => {
  it.each<[string, Parameters<typeof run>[0], string[], string]>([
    [
      "for a database that no app has",
      { importing: { database: "kratos" } },
      [],
      '--database: got "kratos"; allowed: apprun: databases of the app and of your services; name one of them; nothing was changed',
    ],
    [
      "for a file that is no dump",
      { file: import.meta.filename },
      [],
      ": got something else; allowed: a file that pg_dump",
    ],
    [
      "where tables would be lost",
      { tables: "public.a\npublic.b\npublic.c\npublic.d\npublic.e\npublic.f\npublic.g\n" },
      ["tables.sh apprun"],
      "database apprun: got one with tables (public.a, public.b, public.c, public.d, public.e and 2 more); allowed: an empty one, or --replace, ",
    ],
    [
      "without the stack's name",
      { importing: { confirm: "prod" } },
      ["tables.sh apprun"],
      '--confirm: got "prod"; allowed: "dev"',
    ],
  ])("%s has changed nothing", async (_why, world, log, message) => {
    const result = await run(world);
    expect(result).toMatchObject({ log, code: 2, left: undefined });
    expect(result.message).toContain(message);
  });

  it("while a restore is not finished", async () => {
    expect(await run({ unfinished: "in place" })).toMatchObject({ log: [], code: 1 });
  });
});

describe("an import that fails", () => {
  it.each<[string, string[]]>([
    ["backup.sh", BACKED_UP],
    ["receive", [...PREPARED.slice(0, -2), "close"]],
    ["send import.dump", [...PREPARED.slice(0, -1), "close"]],
    ["load", [...PREPARED, "close"]],
  ])("at %s has stopped nothing", async (step, did) => {
    expect(await run({ fails: [step] })).toMatchObject({ log: did, code: 1, left: undefined });
  });

  it("in the swap puts the old data back", async () => {
    const { log, code, left, message } = await run({ fails: ["swap"] });
    expect(log).toEqual([...PREPARED, "stop consumers", "swap", "undo", "start consumers", "close"]);
    expect({ code, left }).toEqual({ code: 1, left: undefined });
    expect(message).toContain("the restore failed; the old data is back");
  });

  it("because a service is not healthy on the new data keeps the old, and says both ways on", async () => {
    const { log, left, message } = await run({ states: { apprun: "exited (1)" } });
    expect(log).toEqual([...SWAPPED, "start consumers", "observe", "close"]);
    expect(left).toEqual({ set: "shop.dump", phase: "in place" });
    expect(message.endsWith(`; shop.dump is in place and the old data is kept; ${FINISH}; ${UNDO}`)).toBe(true);
  });
});
