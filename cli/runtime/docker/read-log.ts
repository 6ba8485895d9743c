import { PassThrough } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import type Docker from "dockerode";
import { lineSink, stampedLine } from "../lines.ts";
import type { LogRequest, LogLine, Replica } from "../operations.ts";

/** Small enough that the many frames of one piece do not exhaust the stack of the client, which is recursive. */
const PIECE = 16_384;

/** Hands over what a container wrote to either of its streams, each line with its time. */
export async function readLog(
  docker: Docker,
  { name }: Replica,
  { since, tail, follow, signal }: LogRequest,
  take: (line: LogLine) => void,
): Promise<void> {
  const container = docker.getContainer(name);
  const options = {
    stdout: true,
    stderr: true,
    timestamps: true,
    // A number alone is in seconds; a fraction keeps two starts within one second apart.
    ...(since !== undefined && { since: since.getTime() / 1000 }),
    ...(tail !== undefined && { tail }),
    abortSignal: signal,
  };
  const frames = new PassThrough();
  const sink = () =>
    lineSink((line) => {
      take(stampedLine(line));
    });
  const sinks = [sink(), sink()] as const;
  docker.modem.demuxStream(frames, ...sinks);
  try {
    if (follow) await pipeline(await container.logs({ ...options, follow: true }), frames);
    else for (const piece of pieces(await container.logs({ ...options, follow: false }))) frames.write(piece);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  frames.end();
  for (const each of sinks) each.end();
  await Promise.all(sinks.map((each) => finished(each)));
}

function* pieces(buffer: Buffer): Iterable<Buffer> {
  for (let at = 0; at < buffer.length; at += PIECE) yield buffer.subarray(at, at + PIECE);
}
