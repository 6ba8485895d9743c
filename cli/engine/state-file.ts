import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { writePrivate } from "../kit/private-file.ts";
import { pulumi } from "./pulumi.ts";

/** The engine's own export of a stack, in which secrets are encrypted with the stack's passphrase. */
export interface ExportedState {
  readonly deployment?: { readonly resources?: readonly unknown[] };
}

type NamedStack = Pick<Stack, "name" | "workspace">;

/** The Automation API's own export decrypts every secret; this one leaves them encrypted. */
export async function exportEncrypted(stack: NamedStack): Promise<ExportedState> {
  return withFile("", async (file) => {
    await pulumi(stack, ["stack", "export", "--file", file]);
    return JSON.parse(readFileSync(file, "utf8")) as ExportedState;
  });
}

/** Puts an export in the place of what the engine knows of the stack. */
export async function importEncrypted(stack: NamedStack, exported: ExportedState): Promise<void> {
  await withFile(JSON.stringify(exported), (file) => pulumi(stack, ["stack", "import", "--file", file]));
}

/** The engine reads and writes files only; this one is its owner's, and goes. */
async function withFile<T>(content: string, work: (file: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "apprun-"));
  const file = join(directory, "state.json");
  try {
    writePrivate(file, content);
    return await work(file);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
