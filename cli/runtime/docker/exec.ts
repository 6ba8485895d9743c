import { Writable } from "node:stream";
import type Docker from "dockerode";
import { CliError } from "../../kit/exit.ts";

export interface ExecOptions {
  /** Text for its standard input. @default - none */
  readonly input?: string;
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
  const collect = (take: (text: string) => void) =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        take(chunk.toString());
        done();
      },
    });
  docker.modem.demuxStream(
    stream,
    collect((text) => (output += text)),
    collect((text) => {
      lastWords = text.trim().split("\n").at(-1) ?? lastWords;
      progress.write(text);
    }),
  );
  if (input !== undefined) stream.end(input);
  await new Promise((resolve, reject) => {
    stream.once("end", resolve).once("close", resolve).once("error", reject);
  });
  const { ExitCode } = await call.inspect();
  if (ExitCode !== 0)
    throw new CliError({
      happened: `${command.slice(-3).join(" ")} in container ${container} ended with exit code ${ExitCode ?? "none"}: ${lastWords}`,
      fix: "fix what it names",
    });
  return output;
}
