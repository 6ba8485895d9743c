import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { openDump } from "../../../../cli/backup/dump/dump-file.ts";
import { sendDump } from "../../../../cli/backup/dump/send-dump.ts";
import { requireWhole, withProgress } from "../../../../cli/backup/sent-file.ts";
import type { SentFile } from "../../../../cli/backup/host.ts";
import { captured } from "../../../support/fakes/terminal.ts";

const directory = mkdtempSync(join(tmpdir(), "dump-"));
const file = (name: string, content: string) => {
  const path = join(directory, name);
  writeFileSync(path, content, "latin1");
  return path;
};
const sha256 = (content: string) => createHash("sha256").update(content, "latin1").digest("hex");
const HEAD = "--\n-- PostgreSQL database dump\n--\n";
const TAIL = "--\n-- PostgreSQL database dump complete\n--\n\n";

describe("a file of pg_dump", () => {
  it("in plain text is sent without what is another system's, whatever its encoding", async () => {
    const rows = `COPY t (a) FROM stdin;\n${"\u00e9\u0080\u00ff\n".repeat(300_000)}\\.\n`;
    const dump = await openDump(file("a b.sql", `${HEAD}GRANT SELECT ON t TO eve;\n${rows}${TAIL}`));
    const loaded = `${HEAD}\n${rows}${TAIL}`;
    expect({ ...dump, open: undefined, rows: [...(dump.rows ?? [])] }).toEqual({
      name: "a b.sql",
      format: "plain",
      bytes: loaded.length,
      sha256: sha256(loaded),
      rows: [["t", 300_000]],
      open: undefined,
    });
    for (let time = 0; time < 2; time += 1)
      expect((await buffer(dump.open())).equals(Buffer.from(loaded, "latin1"))).toBe(true);
  });

  it("as an archive is sent as it is", async () => {
    const content = "PGDMP\u0001\u000e\u0000GRANT SELECT ON t TO eve;\n";
    const dump = await openDump(file("shop\n;.dump", content));
    expect(dump).toMatchObject({
      name: "shop__.dump",
      format: "custom",
      bytes: content.length,
      sha256: sha256(content),
    });
    expect(dump.rows).toBeUndefined();
    expect((await buffer(dump.open())).toString("latin1")).toBe(content);
  });

  it.each([
    ["empty", "", "an empty file"],
    ["other", "hello", "something else"],
    ["gzip", "\u001f\u008b\u0008", "a compressed file; unpack it first"],
    ["utf16", "\u00ff\u00fe-\u0000-\u0000", "UTF-16, as PowerShell's > writes; make it again with pg_dump --file"],
    ["tar", "toc.dat\u0000\u0000", "a tar archive; make it again with pg_dump --format custom"],
    [
      "all",
      "--\n-- PostgreSQL database cluster dump\n--\n-- PostgreSQL database dump\n",
      "a dump of pg_dumpall, which has roles and every database",
    ],
    ["cut", `${HEAD}SELECT 1;\n`, 'a file that ends before "-- PostgreSQL database dump complete"'],
    ["rows", `${HEAD}COPY public.t (a) FROM stdin;\n1\n${TAIL}`, "a file that ends within the rows of public.t"],
  ])("that is not whole or none at all is refused: %s", async (name, content, got) => {
    await expect(openDump(file(name, content))).rejects.toMatchObject({
      exitCode: 2,
      message: `${join(directory, name)}: got ${got}; allowed: a file that pg_dump wrote of one database, plain or with --format custom; name another; nothing was changed`,
    });
  });

  it("that is not there, or a directory, is refused", async () => {
    for (const path of [join(directory, "nowhere"), directory])
      await expect(openDump(path)).rejects.toThrow(`${path}: got no readable file; `);
  });
});

describe("a file on its way", () => {
  const send = async (path: string) => {
    const sent: (Omit<SentFile, "content"> & { readonly text: string })[] = [];
    const restorer = {
      send: async ({ content, ...rest }: SentFile) => {
        sent.push({ ...rest, text: (await buffer(content)).toString("latin1") });
      },
    };
    const dump = await openDump(path);
    const { stderr } = await captured(() => sendDump(restorer, dump));
    return { sent, stderr };
  };

  it("has the rows of its tables beside it where its text says them", async () => {
    const plain = `${HEAD}COPY t (a) FROM stdin;\n1\n\\.\nCOPY u (a) FROM stdin;\n\\.\n${TAIL}`;
    const { sent, stderr } = await send(file("rows.sql", plain));
    expect(sent).toEqual([
      { name: "import.counts", bytes: 8, sha256: sha256("t\t1\nu\t0\n"), text: "t\t1\nu\t0\n" },
      { name: "import.dump", bytes: plain.length, sha256: sha256(plain), text: plain },
    ]);
    expect(stderr).toBe("sending rows.sql\n");
    expect((await send(file("archive", "PGDMP"))).sent.map(({ name }) => name)).toEqual(["import.dump"]);
  });

  it("says every tenth of itself how far it is", async () => {
    const path = file("large", `PGDMP${"x".repeat(20 * 1024 ** 2 - 5)}`);
    const { bytes, sha256: sum, open, name } = await openDump(path);
    const { stderr } = await captured(async () => {
      await buffer(withProgress({ name, bytes, sha256: sum, content: open() }));
    });
    expect(stderr.trim().split("\n")).toEqual(
      Array.from({ length: 10 }, (_, part) => `sent ${2 * (part + 1)} of 20 MiB`),
    );
  });

  it("that cannot be read to its end fails", async () => {
    const content = Readable.from(
      (async function* () {
        yield Buffer.from("a");
        await Promise.reject(new Error("the disk is gone"));
      })(),
    );
    await expect(buffer(withProgress({ name: "a", bytes: 9, sha256: "", content }))).rejects.toThrow(
      "the disk is gone",
    );
  });

  it("is refused where it did not arrive whole", () => {
    const sent = { name: "import.dump", sha256: sha256("a") } as SentFile;
    requireWhole(sent, `${sha256("a")}\n`);
    expect(() => {
      requireWhole(sent, `${sha256("b")}\n`);
    }).toThrow("import.dump: what arrived is not what was sent; nothing was overwritten; ");
  });
});
