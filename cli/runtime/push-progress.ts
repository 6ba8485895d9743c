import { note } from "../kit/output.ts";

const MEBIBYTE = 1024 * 1024;
/** Milliseconds between two lines. */
const LINE_EVERY = 5000;

/** What of an image was sent, in bytes. */
export interface Sent {
  readonly sent: number;
  /** What the other side had already. */
  readonly skipped: number;
}

/** Says every few seconds how far the sending is, until the result is called. */
export function pushProgress(count: Sent, size: number): () => void {
  const timer = setInterval(() => {
    note(`  ${sentText(count)}, of about ${mebibytesOf(size)} MiB`);
  }, LINE_EVERY);
  return () => {
    clearInterval(timer);
  };
}

export function sentText({ sent, skipped }: Sent): string {
  const there = skipped === 0 ? "" : `, ${mebibytesOf(skipped)} MiB were there already`;
  return `${mebibytesOf(sent)} MiB sent${there}`;
}

/** A tenth below ten, so that a small image is not nothing. */
function mebibytesOf(bytes: number): number {
  const size = bytes / MEBIBYTE;
  return size < 10 ? Math.round(size * 10) / 10 : Math.round(size);
}
