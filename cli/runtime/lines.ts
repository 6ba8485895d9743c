import { Writable } from "node:stream";
import type { LogLine } from "./operations.ts";

/** A stream that hands on whole lines of text; the last one also without its end. */
export function lineSink(take: (line: string) => void): Writable {
  const decoder = new TextDecoder();
  let rest = "";
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) take(line);
      done();
    },
    final(done) {
      if (rest !== "") take(rest);
      done();
    },
  });
}

/** A line to which the runtime put its time in front. */
export function stampedLine(line: string): LogLine {
  const space = line.indexOf(" ");
  // An empty line is its time alone.
  const [time, text] = space === -1 ? [line, ""] : [line.slice(0, space), line.slice(space + 1)];
  return { time, text: text.replace(/\r$/, "") };
}

/** A stream that hands on pieces of text as they come. */
export function textSink(take: (text: string) => void): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      take(chunk.toString());
      done();
    },
  });
}
