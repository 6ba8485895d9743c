import type Docker from "dockerode";
import { physicalName } from "../../components/model/identity.js";
import type { RecordedContainer } from "../../components/platform/docker/container-args.js";
import { METRICS_PATH } from "../../components/services/backup-metrics.js";
import { dockerClient, isLocal } from "../docker/client.js";
import { exec } from "../docker/exec.js";
import { hostProblems } from "../docker/host-check.js";
import { hostFacts } from "../docker/host-facts.js";
import { observe, stackFilter } from "../docker/observe.js";
import { hostNeeds } from "../docker/preflight.js";
import { planOf } from "../plan.js";
import type { Project } from "../project.js";
import { isGood } from "../runtime/runtime.js";
import { backupAgeFindings } from "./backup-age.js";
import { containerFindings } from "./containers.js";
import { findings, type DoctorFinding } from "./finding.js";
import { observedFindings } from "./observed-policies.js";

const host = findings("host");
const containers = findings("containers");

/** The service that takes the backups. */
const BACKUP = "backup";

/** Seconds by which the host's clock may differ from this machine's; tokens and certificates break before a minute. */
const CLOCK_SKEW = 10;

/** Everything about a stack that its Docker Engine can tell. */
export async function dockerFindings(project: Project): Promise<readonly DoctorFinding[]> {
  const { host: address } = project.settings.docker;
  const docker = dockerClient(address);
  let apiVersion: string;
  try {
    apiVersion = (await docker.version()).ApiVersion;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [host.error(`no Docker Engine answers at ${address} (${reason})`, "start it, or name another with apprun:docker.host")];
  }
  const local = isLocal(address);
  return [
    ...(await hostPart(docker, project, apiVersion, local)),
    ...(await clockPart(docker)),
    ...(await containersPart(docker, project)),
    ...(await backupsPart(docker, project)),
  ];
}

async function hostPart(docker: Docker, project: Project, apiVersion: string, local: boolean): Promise<readonly DoctorFinding[]> {
  const listens = planOf(project).published.map((published) => published.listens);
  const facts = await hostFacts(docker, project.settings.identity, apiVersion, local, listens);
  return hostProblems(facts, await hostNeeds(docker, project)).map((problem) => {
    const cut = problem.lastIndexOf("; ");
    return host.error(problem.slice(0, cut), problem.slice(cut + 2));
  });
}

async function clockPart(docker: Docker): Promise<readonly DoctorFinding[]> {
  const { SystemTime } = (await docker.info()) as { SystemTime: string };
  const seconds = Math.round(Math.abs(Date.parse(SystemTime) - Date.now()) / 1000);
  if (seconds <= CLOCK_SKEW) return [];
  return [host.error(`the host's clock is ${seconds} s from this machine's; at most ${CLOCK_SKEW} s are allowed`, "run a time service such as chrony on both")];
}

async function containersPart(docker: Docker, { settings, recording }: Project): Promise<readonly DoctorFinding[]> {
  const { identity } = settings;
  const { inventory } = recording.result;
  const observations = await observe(docker, inventory);
  const wanted = recording.resources.filter(({ type }) => type === "docker:index/container:Container").map(({ inputs }) => inputs as RecordedContainer);
  const there = await Promise.all(
    (await docker.listContainers({ all: true, filters: stackFilter(identity) })).map(({ Id }) => docker.getContainer(Id).inspect()),
  );
  const actual = new Map(there.map((container) => [container.Name.slice(1), container]));
  const names = new Set(wanted.map(({ name }) => name));
  const compared = await Promise.all(
    wanted.map(async (container) => {
      const found = actual.get(container.name ?? "");
      return found === undefined
        ? []
        : containerFindings({
            wanted: container,
            actual: found,
            imageId: (await image(docker, container.image))?.Id,
            runs: (await image(docker, found.Image))?.RepoTags[0] ?? found.Image,
          });
    }),
  );
  return [
    ...observations
      // A paused container fails its checks too; that it is paused says more.
      .filter((observation) => !isGood(observation) && actual.get(observation.instance)?.State.Paused !== true)
      .map(({ service, instance, state }) =>
        containers.error(`${service}: container ${instance} is ${state}`, "npm run up, which repairs what can be repaired"),
      ),
    ...compared.flat(),
    ...there
      .filter(({ Name }) => !names.has(Name.slice(1)))
      .map(({ Name }) => containers.warning(`container ${Name.slice(1)} carries the stack's label and is not in the model`, "npm run up, which removes it")),
    ...observedFindings(there, identity),
  ];
}

async function backupsPart(docker: Docker, { settings: { identity, backup } }: Project): Promise<readonly DoctorFinding[]> {
  const name = physicalName(identity, BACKUP);
  const container = backup.enabled
    ? await docker
        .getContainer(name)
        .inspect()
        .catch(() => undefined)
    : undefined;
  // That it does not run is a finding of its own.
  if (container?.State.Running !== true || container.State.Paused) return [];
  const metrics = await exec(docker, name, ["sh", "-c", `cat ${METRICS_PATH}/backup.prom 2>/dev/null || true`]);
  return backupAgeFindings({ metrics, since: Date.parse(container.Created), ...backup }, Date.now());
}

async function image(docker: Docker, reference: string): Promise<Docker.ImageInspectInfo | undefined> {
  try {
    return await docker.getImage(reference).inspect();
  } catch {
    return undefined;
  }
}
