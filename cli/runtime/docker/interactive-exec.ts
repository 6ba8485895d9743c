import { finished } from "node:stream/promises";
import type Docker from "dockerode";
import type { ExecRequest, Replica } from "../operations.ts";

/** Runs a command in a container with the operator's own streams, and returns its exit code. */
export async function interactiveExec(
  docker: Docker,
  { name }: Replica,
  { command, tty, stdin, stdout, stderr }: ExecRequest,
): Promise<number> {
  const call = await docker.getContainer(name).exec({
    Cmd: [...command],
    AttachStdin: stdin !== undefined,
    AttachStdout: true,
    AttachStderr: true,
    Tty: tty,
    ...(tty && { Env: [`TERM=${process.env["TERM"] ?? "xterm"}`] }),
  });
  const stream = await call.start({ hijack: true, stdin: stdin !== undefined, Tty: tty });
  const resize = () => void call.resize({ h: stdout.rows, w: stdout.columns }).catch(() => undefined);
  if (tty) {
    resize();
    stdout.on("resize", resize);
    stream.pipe(stdout, { end: false });
  } else docker.modem.demuxStream(stream, stdout, stderr);
  stdin?.pipe(stream);
  // A command that ends before it has read its input closes the connection under the pipe.
  await finished(stream, { writable: false }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
  });
  stdin?.unpipe(stream);
  stdout.off("resize", resize);
  return (await call.inspect()).ExitCode ?? 1;
}
