import { pipeline, Transform, type Readable } from "node:stream";
import { CliError } from "../kit/exit.ts";
import { note } from "../kit/output.ts";
import type { SentFile } from "./host.ts";

/** Where the scripts of a restore look for files. */
const WORK = "/backup/work";
const MEBIBYTE = 1024 ** 2;
/** Parts of a file after which progress is told. */
const PARTS = 10;

/** Where the scripts find it. */
export function pathOf({ name }: Pick<SentFile, "name">): string {
  return `${WORK}/${name}`;
}

/** The content, with notes of how much of it is gone. */
export function withProgress({ bytes, content }: SentFile): Readable {
  let [sent, told] = [0, 0];
  return pipeline(
    content,
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        sent += chunk.length;
        const part = Math.floor((sent / bytes) * PARTS);
        if (part > told && bytes > MEBIBYTE)
          note(`sent ${(sent / MEBIBYTE).toFixed(0)} of ${(bytes / MEBIBYTE).toFixed(0)} MiB`);
        told = Math.max(told, part);
        done(null, chunk);
      },
    }),
    // Whoever reads it learns of an error by the stream.
    () => undefined,
  );
}

/** @throws CliError unless the checksum that came back is the file's */
export function requireWhole({ name, sha256 }: SentFile, answer: string): void {
  if (answer.trim() === sha256) return;
  throw new CliError({
    happened: `${name}: what arrived is not what was sent`,
    fix: "nothing was overwritten; try again, and look for room on the disk of the volume of backups",
  });
}
