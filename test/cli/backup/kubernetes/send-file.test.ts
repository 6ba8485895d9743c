import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { sendThrough } from "../../../../cli/backup/kubernetes/send-file.ts";
import type { RunInside } from "../../../../cli/backup/kubernetes/script-job.ts";
import { captured } from "../../../support/fakes/terminal.ts";

const MEBIBYTE = 1024 ** 2;
const content = randomBytes(20 * MEBIBYTE + 5);
const file = {
  name: "import.dump",
  bytes: content.length,
  sha256: createHash("sha256").update(content).digest("hex"),
};

/** A pod whose volume of backups is a directory, and that takes as much of its input as its command does. */
function pod(damage: (piece: Buffer) => Buffer = (piece) => piece) {
  const directory = mkdtempSync(join(tmpdir(), "pod-"));
  const sizes: number[] = [];
  const run: RunInside = (command, input) => {
    const piece = input?.read() as Buffer | undefined;
    if (piece !== undefined) sizes.push(piece.length);
    const [program = "", ...args] = command.map((word) => word.replace("/backup/work", directory));
    return Promise.resolve(execFileSync(program, args, { input: damage(piece ?? Buffer.alloc(0)), encoding: "utf8" }));
  };
  return { directory, sizes, run };
}

describe("a file for a pod", () => {
  it("arrives in pieces that memory holds, readable by its owner alone", async () => {
    const { directory, sizes, run } = pod();
    const chunks = Array.from({ length: 21 }, (_, at) => content.subarray(at * MEBIBYTE, (at + 1) * MEBIBYTE));
    const { error } = await captured(() => sendThrough(run, { ...file, content: Readable.from(chunks) }));
    expect(error).toBeUndefined();
    expect(sizes).toEqual([8 * MEBIBYTE, 8 * MEBIBYTE, 4 * MEBIBYTE + 5]);
    const path = join(directory, file.name);
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    // Another try begins again.
    await captured(() => sendThrough(run, { ...file, content: Readable.from(chunks) }));
    expect(statSync(path).size).toBe(content.length);
  });

  it("that is not whole there is refused", async () => {
    const { run } = pod((piece) => piece.subarray(1));
    const { error } = await captured(() => sendThrough(run, { ...file, content: Readable.from([content]) }));
    expect(error?.message).toContain("import.dump: what arrived is not what was sent");
  });
});
