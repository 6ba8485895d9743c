import type Docker from "dockerode";
import { LEAST_FREE_DISK } from "../../components/services/host/observability.ts";
import { verdict } from "../../components/model/problem.ts";
import { hostProblems, hostWeaknesses } from "../runtime/docker/host-check.ts";
import { hostFacts, type HostFacts } from "../runtime/docker/host-facts.ts";
import { engineInfo, type EngineVersion } from "../runtime/docker/machine.ts";
import { hostNeeds } from "../runtime/docker/preflight.ts";
import type { DockerRuntime } from "../runtime/docker/docker-runtime.ts";
import { note } from "../kit/output.ts";
import type { Project } from "../kit/project.ts";
import { findings, type DoctorFinding } from "./finding.ts";

const host = findings("host");
const ports = findings("ports");

/** Seconds by which the host's clock may differ from this machine's; tokens and certificates break before a minute. */
const CLOCK_SKEW = 10;

/** Whether the host can take the stack, and listens where the model says and nowhere else. */
export async function hostFindings(
  docker: Docker,
  runtime: DockerRuntime,
  project: Project,
  engine: EngineVersion,
): Promise<readonly DoctorFinding[]> {
  const { SystemTime } = await engineInfo(docker);
  const facts = await hostFacts(docker, project, engine);
  const needs = await hostNeeds(docker, project);
  for (const unknown of facts.unknown) note(`not checked: ${unknown}`);
  return [
    ...hostProblems(facts, needs).map(host.problem),
    ...hostWeaknesses(facts, needs).map((weakness) => host.warning(verdict(weakness), weakness.fix)),
    ...diskFindings(facts),
    ...clockFindings(SystemTime),
    ...(await runtime.exposure(project)).map(ports.problem),
  ];
}

function diskFindings({ disk }: HostFacts): readonly DoctorFinding[] {
  if (disk === undefined || disk.freePart >= LEAST_FREE_DISK) return [];
  const percent = (part: number) => `${Math.round(part * 100)} %`;
  return [
    host.problem({
      got: `disk: ${percent(disk.freePart)} of the disk of ${disk.directory} are free`,
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
