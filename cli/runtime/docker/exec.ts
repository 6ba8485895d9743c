import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { CliError } from "../../kit/exit.ts";
import { textSink } from "../lines.ts";

/** How often, and after how many milliseconds each, the engine is asked for an exit code. */
const [SETTLE_ATTEMPTS, SETTLE_PAUSE] = [20, 100];

export interface ExecOptions {
  /** For its standard input. @default - none */
  readonly input?: string | Readable;
  /** Takes its standard error, line by line or not. @default - standard error */
  readonly progress?: Writable;
}

/**
 * Runs a command inside a running container and returns its standard output.
 * @throws CliError with its exit code and last words when that is not 0
 */
export async function exec(
  docker: Docker,
  container: string,
  command: readonly string[],
  { input, progress = process.stderr }: ExecOptions = {},
): Promise<string> {
  const call = await docker
    .getContainer(container)
    .exec({ Cmd: [...command], AttachStdin: input !== undefined, AttachStdout: true, AttachStderr: true });
  const stream = await call.start({ hijack: true, stdin: input !== undefined });
  let [output, lastWords] = ["", ""];
  docker.modem.demuxStream(
    stream,
    textSink((text) => (output += text)),
    textSink((text) => {
      lastWords = text.trim().split("\n").at(-1) ?? lastWords;
      progress.write(text);
    }),
  );
  await new Promise<void>((resolve, reject) => {
    const done = () => {
      resolve();
    };
    stream.once("end", done).once("close", done);
    // A command that ends before it has read its input closes the connection under it: its exit code says why.
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") done();
      else reject(error);
    });
    if (typeof input === "string") stream.end(input);
    else
      input
        ?.once("error", (error) => {
          reject(error);
          stream.destroy();
        })
        .pipe(stream);
  });
  const ExitCode = await exitCodeOf(call);
  if (ExitCode === undefined)
    throw new CliError({
      happened: `${command.slice(-3).join(" ")} in container ${container}: the connection to Docker ended before the command did`,
      fix: "see with `docker top` whether it still runs, and run this again",
    });
  if (ExitCode !== 0)
    throw new CliError({
      happened: `${command.slice(-3).join(" ")} in container ${container} ended with exit code ${ExitCode}: ${lastWords}`,
      fix: "fix what it names",
    });
  return output;
}

/** The exit code, once the engine has it: the streams of a command end a moment before. Nothing where it still runs. */
async function exitCodeOf(call: Pick<Docker.Exec, "inspect">): Promise<number | undefined> {
  for (let attempt = 0; attempt < SETTLE_ATTEMPTS; attempt += 1) {
    const { Running, ExitCode } = await call.inspect();
    if (!Running && ExitCode !== null) return ExitCode;
    await sleep(SETTLE_PAUSE);
  }
  return undefined;
}
