import type Docker from "dockerode";
import { dockerClient } from "../docker/client.js";
import { isGood, observe } from "../docker/observe.js";
import { complaints, verify } from "../docker/verify.js";
import { refuseDroppedData } from "../engine/data-guard.js";
import { openStack } from "../engine/open.js";
import { engineOutput } from "../engine/progress.js";
import { repair } from "../engine/repair.js";
import { stateOf } from "../engine/state.js";
import { CliError, EXIT } from "../exit.js";
import { note } from "../output.js";
import { planOf } from "../plan.js";
import { refuseViolations } from "../policies.js";
import { preflight } from "../preflight/preflight.js";
import { loadProject, type CommonOptions, type Project } from "../project.js";
import { printPlan } from "./plan.js";
import { showServices } from "./status.js";

/** Time in which everything must be healthy once the engine is done. */
const VERIFY_TIMEOUT = 60_000;

/**
 * Deploys a stack: looks at the host, applies, and then asks Docker itself for
 * health, which decides the exit code.
 */
export async function up(options: CommonOptions): Promise<void> {
  const project = await loadProject(options);
  refuseViolations(project);
  const docker = dockerClient(project.settings.docker.host);
  try {
    await preflight(docker, project);
    await apply(project, docker);
  } catch (error) {
    if (error instanceof CliError && error.exitCode === EXIT.noEngine && options.json !== true) printPlan(planOf(project));
    throw error;
  }
  const observations = await verify(docker, project.recording.result.inventory, VERIFY_TIMEOUT);
  showServices(project, observations, options.json === true);
  if (!observations.every(isGood)) throw new CliError(`not healthy:\n${await complaints(docker, observations)}`);
}

async function apply(project: Project, docker: Docker): Promise<void> {
  const stack = await openStack(project);
  refuseDroppedData(project, stateOf(await stack.exportStack()));
  const replace = await repair(stack, docker, project);
  for (const urn of replace) note(`replacing ${urn.split("::").at(-1) ?? urn}: it is not healthy`);
  try {
    await stack.up({ ...engineOutput(), replace: [...replace] });
  } catch (error) {
    throw new CliError(`the update failed; what runs was left as it is\n${await whatIsWrong(docker, project)}\n${firstLine(error)}`);
  }
}

/** What runs but is not as it should be; the daemon may be the one that went. */
async function whatIsWrong(docker: Docker, { recording }: Project): Promise<string> {
  try {
    const observations = await observe(docker, recording.result.inventory);
    return await complaints(
      docker,
      observations.filter(({ state }) => state !== "missing"),
    );
  } catch (error) {
    return `Docker does not answer: ${firstLine(error)}`;
  }
}

/** The engine's own words stand above; its error repeats all of them. */
function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
