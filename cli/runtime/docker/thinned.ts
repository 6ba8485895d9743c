import { Readable } from "node:stream";
import { Pack, Parser, type ReadEntry } from "tar";

/** An archive on its way, and how much of it has passed so far, in bytes. */
export interface Thinned {
  readonly archive: Readable;
  readonly count: { sent: number; skipped: number };
}

/**
 * An archive of `docker save` without the files of these layers. The list of layers in it stays as it is. An archive
 * that names its files otherwise, or has them compressed, goes on whole.
 */
export function thinned(archive: NodeJS.ReadableStream, layers: ReadonlySet<string>): Thinned {
  const left = new Set([...layers].map((digest) => `blobs/${digest.replace(":", "/")}`));
  const count = { sent: 0, skipped: 0 };
  const pack = new Pack();
  const parser = new Parser({ strict: true });
  parser.on("entry", (entry: ReadEntry) => {
    if (left.has(entry.path)) {
      count.skipped += entry.size;
      entry.resume();
    } else pack.add(entry);
  });
  parser.on("end", () => pack.end());
  const fail = (error: unknown) => pack.emit("error", error);
  parser.on("error", fail);
  archive.on("error", fail);
  archive.pipe(parser);
  return { archive: Readable.from(counted(pack, count), { objectMode: false }), count };
}

async function* counted(pack: AsyncIterable<Buffer>, count: { sent: number }): AsyncGenerator<Buffer> {
  for await (const chunk of pack) {
    count.sent += chunk.length;
    yield chunk;
  }
}
