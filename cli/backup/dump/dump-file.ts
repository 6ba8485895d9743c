import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { CliError, EXIT } from "../../kit/exit.ts";
import { PlainDump } from "./plain-dump.ts";

/** A dump of another system, as it goes to the server. */
export interface DumpFile {
  /** What messages call it. */
  readonly name: string;
  readonly format: "custom" | "plain";
  readonly bytes: number;
  readonly sha256: string;
  /** Rows by table, where the text has them; of an archive its own program counts them. */
  readonly rows?: ReadonlyMap<string, number>;
  /** Reads it from the start, again at each call. */
  readonly open: () => Readable;
}

const HEAD_BYTES = 4096;
const ARCHIVE = "PGDMP";
const PLAIN = "-- PostgreSQL database dump";
const CLUSTER = "-- PostgreSQL database cluster dump";
const COMPLETE = "-- PostgreSQL database dump complete";

/** What a file is that pg_dump did not write, or that has more than one database, by how it begins. */
const OTHERS: readonly (readonly [head: RegExp, is: string])[] = [
  [/^\x1f\x8b|^\x28\xb5\x2f\xfd|^BZh|^\xfd7zXZ|^PK\x03\x04/, "a compressed file; unpack it first"],
  [/^\xff\xfe|^\xfe\xff/, "UTF-16, as PowerShell's > writes; make it again with pg_dump --file"],
  [/^toc\.dat\0/, "a tar archive; make it again with pg_dump --format custom"],
];

/**
 * Reads the whole file once, so that what is wrong with it is said before anything changes.
 * @throws CliError for what is no whole dump of one database
 */
export async function openDump(path: string): Promise<DumpFile> {
  const name = basename(path).replaceAll(/[^\w. -]/g, "_");
  const head = await headOf(path);
  const refuse = (got: string) =>
    new CliError(
      {
        got: `${path}: got ${got}`,
        allowed: "a file that pg_dump wrote of one database, plain or with --format custom",
        fix: "name another; nothing was changed",
      },
      EXIT.usage,
    );
  if (head === undefined) throw refuse("no readable file");
  if (head.startsWith(ARCHIVE)) {
    const read = () => createReadStream(path);
    return { name, format: "custom", open: read, ...(await measured(read())) };
  }
  const other = OTHERS.find(([pattern]) => pattern.test(head))?.[1];
  if (other !== undefined) throw refuse(other);
  if (head.includes(CLUSTER)) throw refuse("a dump of pg_dumpall, which has roles and every database");
  if (!head.includes(PLAIN)) throw refuse(head === "" ? "an empty file" : "something else");
  const dump = new PlainDump();
  const ends: string[] = [];
  const look = (line: string) => {
    if (line.startsWith(COMPLETE)) ends.push(line);
  };
  const size = await measured(Readable.from(loaded(path, dump, look)));
  if (dump.unfinished !== undefined) throw refuse(`a file that ends within ${dump.unfinished}`);
  if (ends.length === 0) throw refuse(`a file that ends before "${COMPLETE}"`);
  return { name, format: "plain", rows: dump.rows, open: () => Readable.from(loaded(path, new PlainDump())), ...size };
}

async function headOf(path: string): Promise<string | undefined> {
  try {
    if (!statSync(path).isFile()) return undefined;
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.toString("latin1", 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

async function measured(content: Readable): Promise<Pick<DumpFile, "bytes" | "sha256">> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** What of a plain dump is loaded, in pieces. */
async function* loaded(path: string, dump: PlainDump, look: (line: string) => void = () => undefined) {
  let rest = "";
  for await (const chunk of createReadStream(path, { encoding: "latin1", highWaterMark: 1 << 20 })) {
    const lines = (rest + (chunk as string)).split("\n");
    rest = lines.pop() ?? "";
    const taken = lines.map((line) => {
      look(line);
      return `${dump.take(line)}\n`;
    });
    if (taken.length > 0) yield Buffer.from(taken.join(""), "latin1");
  }
  if (rest === "") return;
  look(rest);
  yield Buffer.from(`${dump.take(rest)}\n`, "latin1");
}
