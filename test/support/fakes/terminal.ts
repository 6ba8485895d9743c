/** How a command ended, and what it wrote. */
export interface Outcome {
  /** What it threw; nothing where it ended well. */
  readonly error: Error | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process, and keeps what it writes. */
export async function captured(run: () => Promise<void>): Promise<Outcome> {
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)];
  let error: Error | undefined;
  try {
    await run();
  } catch (thrown) {
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
  }
  return { error, stdout: stdout(), stderr: stderr() };
}

/** Keeps what a stream is given, until the result is called, which returns it. */
function capture(stream: NodeJS.WriteStream): () => string {
  const before = Object.getOwnPropertyDescriptor(stream, "write");
  let text = "";
  stream.write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  return () => {
    if (before === undefined) Reflect.deleteProperty(stream, "write");
    else Object.defineProperty(stream, "write", before);
    return text;
  };
}
