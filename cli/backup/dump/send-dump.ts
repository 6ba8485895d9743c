import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { note } from "../../kit/output.ts";
import type { RestoreHost } from "../host.ts";
import type { DumpFile } from "./dump-file.ts";

/** Names that import.sh knows. */
const [DUMP, COUNTS] = ["import.dump", "import.counts"];

/** Brings a dump to where it is loaded, and beside it the rows that its tables have. */
export async function sendDump(restorer: Pick<RestoreHost, "send">, dump: DumpFile): Promise<void> {
  const { name, bytes, sha256, rows } = dump;
  note(`sending ${name}`);
  if (rows !== undefined) {
    const counts = Buffer.from([...rows].map(([table, count]) => `${table}\t${count}\n`).join(""), "latin1");
    await restorer.send({
      name: COUNTS,
      bytes: counts.length,
      sha256: createHash("sha256").update(counts).digest("hex"),
      content: Readable.from([counts]),
    });
  }
  await restorer.send({ name: DUMP, bytes, sha256, content: dump.open() });
}
