import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { CliError, EXIT } from "./exit.ts";

/** Where a secret is typed or read from. */
export interface SecretSource {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/**
 * A secret that is typed without an echo, twice, or the first line of standard input where nobody types.
 * @throws CliError when there is none, or the two differ
 */
export async function readSecret(
  question: string,
  { input, output }: SecretSource = { input: process.stdin, output: process.stderr },
): Promise<string> {
  const terminal = input.isTTY === true;
  // The line editor echoes each key to its output; this one has none.
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const lines = createInterface({ input, output: silent, terminal });
  try {
    const answers = lines[Symbol.asyncIterator]();
    const next = async (asked: string): Promise<string> => {
      if (terminal) output.write(asked);
      const { value, done } = (await answers.next()) as IteratorResult<string, undefined>;
      if (terminal) output.write("\n");
      return done === true ? "" : value;
    };
    const secret = await next(question);
    if (secret === "")
      throw new CliError(
        { got: "password: got nothing", allowed: "one line, typed or on standard input", fix: "run it again" },
        EXIT.usage,
      );
    if (terminal && (await next("The same again: ")) !== secret)
      throw new CliError(
        { got: "password: got two that differ", allowed: "the same twice", fix: "run it again" },
        EXIT.usage,
      );
    return secret;
  } finally {
    lines.close();
  }
}
