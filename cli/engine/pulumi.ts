import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Stack } from "@pulumi/pulumi/automation/index.js";

/** Runs the engine's own command on a stack, for what the Automation API has no verb; `input` keeps a secret out of the list of processes. */
export async function pulumi(
  { name, workspace }: Pick<Stack, "name" | "workspace">,
  args: readonly string[],
  input = "",
): Promise<void> {
  const run = promisify(execFile)("pulumi", [...args, "--stack", name], { cwd: workspace.workDir });
  run.child.stdin?.end(input);
  await run;
}
