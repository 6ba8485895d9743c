import { Readable } from "node:stream";
import type { SentFile } from "../host.ts";
import { pathOf, requireWhole, withProgress } from "../sent-file.ts";
import type { RunInside } from "./script-job.ts";

/** Bytes of a piece: the API's client keeps whatever was not sent yet in memory. */
const PIECE = 8 * 1024 ** 2;

/** Brings a file into a pod, piece by piece. */
export async function sendThrough(run: RunInside, file: SentFile): Promise<void> {
  const path = pathOf(file);
  await run(["sh", "-c", 'umask 077 && : >"$0"', path]);
  for await (const piece of piecesOf(withProgress(file)))
    await run(["sh", "-c", 'head -c "$1" >>"$0"', path, String(piece.length)], openEnded(piece));
  requireWhole(file, await run(["sh", "-c", 'sha256sum <"$0" | cut -d" " -f1', path]));
}

async function* piecesOf(content: Readable): AsyncGenerator<Buffer> {
  let [chunks, bytes]: [Buffer[], number] = [[], 0];
  for await (const chunk of content as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes < PIECE) continue;
    yield Buffer.concat(chunks);
    [chunks, bytes] = [[], 0];
  }
  if (bytes > 0) yield Buffer.concat(chunks);
}

/** At an end of its input the API's client may close the connection, and with it the command. */
function openEnded(piece: Buffer): Readable {
  const stream = new Readable({ read: () => undefined });
  stream.push(piece);
  return stream;
}
