import type Docker from "dockerode";
import { budget, total } from "../../../components/stack/budget.ts";
import { verdict } from "../../../components/model/problem.ts";
import { mebibytes } from "../../../components/model/units.ts";
import { requireDocker } from "./client.ts";
import { CliError } from "../../kit/exit.ts";
import { note } from "../../kit/output.ts";
import type { Project } from "../../kit/project.ts";
import { hostProblems, hostWeaknesses, type HostNeeds } from "./host-check.ts";
import { hostFacts } from "./host-facts.ts";

/**
 * Looks whether the host can take the stack, before anything is changed.
 * @throws CliError with every problem at once
 */
export async function preflight(docker: Docker, project: Project): Promise<void> {
  const { settings } = project;
  const facts = await hostFacts(docker, project, await requireDocker(docker, settings.docker));
  for (const unknown of facts.unknown) note(`not checked: ${unknown}`);
  const needs = await hostNeeds(docker, project);
  const problems = hostProblems(facts, needs);
  if (problems.length > 0)
    throw new CliError({
      heading: `the host at ${settings.docker.host} cannot take stack ${project.stack}; nothing was changed`,
      problems,
    });
  for (const weakness of hostWeaknesses(facts, needs)) note(`warning: ${verdict(weakness)}; ${weakness.fix}`);
}

/** What a stack asks of its host. */
export async function hostNeeds(docker: Docker, project: Project): Promise<HostNeeds> {
  const rows = budget(project.settings);
  return {
    cpu: Math.max(...rows.map(({ cpu, replicas }) => cpu / replicas)),
    memory: total(rows, "memory"),
    disk: await missingDisk(docker, project),
    ports: project.settings,
    countsAddresses: countsAddresses(project.settings),
    ipv6: project.settings.proxy.ipv6,
  };
}

/** Planned sizes of the volumes that are not there yet; those that are there have taken their space. */
async function missingDisk(docker: Docker, { recording }: Project): Promise<number> {
  const { Volumes } = await docker.listVolumes();
  const there = new Set(Volumes.map(({ Name }) => Name));
  return recording.result.inventory.volumes
    .filter(({ id }) => !there.has(id))
    .reduce((sum, { size }) => sum + mebibytes(size), 0);
}

/** What stands in front names each client; on the loopback is nobody to tell apart. */
export function countsAddresses(settings: Project["settings"]): boolean {
  return leadsToProxy(settings) && settings.limits.clients !== "together";
}

/** Whether host names lead to the proxy of a Docker host itself, and not to what stands in front of it. */
export function leadsToProxy({ platform, proxy, front, cloudflare }: Project["settings"]): boolean {
  return platform === "docker" && proxy.bind === "public" && front === undefined && !cloudflare.enabled;
}
