import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Stack } from "@pulumi/pulumi/automation/index.js";

/** Lets the engine delete resources that are protected, or all of them. The Automation API has no verb for this. */
export async function unprotect({ name, workspace }: Stack, urns: readonly string[] | "all"): Promise<void> {
  for (const what of urns === "all" ? ["--all"] : urns)
    await promisify(execFile)("pulumi", ["state", "unprotect", what, "--yes", "--stack", name], { cwd: workspace.workDir });
}
