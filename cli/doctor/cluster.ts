import { CliError } from "../exit.js";
import type { Project } from "../project.js";
import { createRuntime } from "../runtime/create.js";
import { isGood } from "../runtime/runtime.js";
import { findings, type DoctorFinding } from "./finding.js";

const cluster = findings("cluster");
const pods = findings("pods");

/** Everything about a stack that its cluster can tell: whether it can take the stack, and how each instance is. */
export async function clusterFindings(project: Project): Promise<readonly DoctorFinding[]> {
  const found: DoctorFinding[] = [];
  try {
    const runtime = await createRuntime(project);
    await runtime.require();
    await runtime.preflight(project).catch((error: unknown) => {
      found.push(complaint(error));
    });
    const bad = (await runtime.observe(project.recording.result.inventory)).filter((observation) => !isGood(observation));
    for (const { service, instance, state } of bad)
      found.push(pods.error(`${service}: ${runtime.instanceName} ${instance} is ${state}`, "npm run up, which repairs what can be repaired"));
  } catch (error) {
    found.push(complaint(error));
  }
  return found;
}

function complaint(error: unknown): DoctorFinding {
  if (!(error instanceof CliError)) throw error;
  return cluster.error(error.message.replace(/^nothing was deployed: /, ""), "mend what the message names, then run: npm run doctor");
}
