import { statfs } from "node:fs/promises";
import type Docker from "dockerode";
import { LEAST_FREE_DISK } from "../../components/services/host/observability.ts";
import { isLocal } from "../runtime/docker/client.ts";
import { hostProblems } from "../runtime/docker/host-check.ts";
import { hostFacts } from "../runtime/docker/host-facts.ts";
import { hostNeeds } from "../runtime/docker/preflight.ts";
import type { DockerRuntime } from "../runtime/docker/docker-runtime.ts";
import { planOf } from "../kit/plan.ts";
import type { Project } from "../kit/project.ts";
import { findings, type DoctorFinding } from "./finding.ts";

const host = findings("host");
const ports = findings("ports");

/** Seconds by which the host's clock may differ from this machine's; tokens and certificates break before a minute. */
const CLOCK_SKEW = 10;

interface Info {
  readonly SystemTime: string;
  readonly DockerRootDir: string;
}

/** Whether the host can take the stack, and listens where the model says and nowhere else. */
export async function hostFindings(
  docker: Docker,
  runtime: DockerRuntime,
  project: Project,
  apiVersion: string,
): Promise<readonly DoctorFinding[]> {
  const { SystemTime, DockerRootDir } = (await docker.info()) as Info;
  const local = isLocal(project.settings.docker.host);
  const listens = planOf(project).published.map((published) => published.listens);
  const facts = await hostFacts(docker, project.settings.identity, apiVersion, local, listens);
  return [
    ...hostProblems(facts, await hostNeeds(docker, project)).map(host.problem),
    ...(local ? await diskFindings(DockerRootDir) : []),
    ...clockFindings(SystemTime),
    ...(await runtime.exposure(project)).map(ports.problem),
  ];
}

async function diskFindings(directory: string): Promise<readonly DoctorFinding[]> {
  const { bavail, blocks } = await statfs(directory);
  const percent = (part: number) => `${Math.round(part * 100)} %`;
  if (bavail / blocks >= LEAST_FREE_DISK) return [];
  return [
    host.problem({
      got: `disk: ${percent(bavail / blocks)} of the disk of ${directory} are free`,
      allowed: `${percent(LEAST_FREE_DISK)} or more`,
      fix: "free some space",
    }),
  ];
}

function clockFindings(systemTime: string): readonly DoctorFinding[] {
  const seconds = Math.round(Math.abs(Date.parse(systemTime) - Date.now()) / 1000);
  if (seconds <= CLOCK_SKEW) return [];
  return [
    host.problem({
      got: `the host's clock is ${seconds} s from this machine's`,
      allowed: `at most ${CLOCK_SKEW} s`,
      fix: "run a time service such as chrony on both",
    }),
  ];
}
