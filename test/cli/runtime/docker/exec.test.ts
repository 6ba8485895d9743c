import { PassThrough, Readable, Writable } from "node:stream";
import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { exec } from "../../../../cli/runtime/docker/exec.ts";

const RUNS = { Running: true, ExitCode: null };
const silent = new Writable({
  write(_chunk, _encoding, done) {
    done();
  },
});

/** An engine whose command ends its streams at once, and answers so when it is asked for the exit code. */
function engine(answers: readonly { readonly Running: boolean; readonly ExitCode: number | null }[]): Docker {
  const left = [...answers];
  const start = () => {
    const stream = new PassThrough();
    stream.end();
    stream.resume();
    return Promise.resolve(stream);
  };
  const inspect = () => Promise.resolve(left.length > 1 ? left.shift() : left[0]);
  return {
    modem: { demuxStream: () => undefined },
    getContainer: () => ({ exec: () => Promise.resolve({ start, inspect }) }),
  } as unknown as Docker;
}

describe("a command in a container", () => {
  it("is done when the engine has its exit code, which comes after the end of its output", async () => {
    const run = exec(engine([RUNS, RUNS, { Running: false, ExitCode: 0 }]), "backup", ["true"], { progress: silent });
    await expect(run).resolves.toBe("");
  });

  it.each([
    [[RUNS, { Running: false, ExitCode: 7 }], "a b c in container backup ended with exit code 7"],
    [[RUNS], "a b c in container backup: the connection to Docker ended before the command did"],
  ])("fails after %j with its exit code, or with what is not known", async (answers, message) => {
    const run = exec(engine(answers), "backup", ["a", "b", "c"], { progress: silent });
    await expect(run).rejects.toThrow(message);
  });

  it("does not wait for input that cannot be read", async () => {
    const stream = new PassThrough();
    const docker = {
      modem: { demuxStream: () => undefined },
      getContainer: () => ({ exec: () => Promise.resolve({ start: () => Promise.resolve(stream) }) }),
    } as unknown as Docker;
    const input = new Readable({
      read() {
        this.destroy(new Error("the disk is gone"));
      },
    });
    await expect(exec(docker, "backup", ["cat"], { input, progress: silent })).rejects.toThrow("the disk is gone");
    expect(stream.destroyed).toBe(true);
  });
});
