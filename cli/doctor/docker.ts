import type Docker from "dockerode";
import { physicalName } from "../../components/model/identity.ts";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";
import { backup as backups } from "../../components/services/backup/index.ts";
import { METRICS_PATH } from "../../components/services/backup/metrics.ts";
import { askPostgres } from "../runtime/docker/ask-postgres.ts";
import { dockerClient, unreachable } from "../runtime/docker/client.ts";
import { DockerRuntime } from "../runtime/docker/docker-runtime.ts";
import { exec } from "../runtime/docker/exec.ts";
import { engineVersion, type EngineVersion } from "../runtime/docker/machine.ts";
import { observe, stackFilter } from "../runtime/docker/observe.ts";
import type { Project } from "../kit/project.ts";
import { isGood } from "../runtime/runtime.ts";
import { backupAgeFindings } from "./backup-age.ts";
import { containerFindings } from "./containers.ts";
import { dataApiFindings } from "./data-api.ts";
import { findings, type DoctorFinding } from "./finding.ts";
import { hostFindings } from "./host.ts";
import { observedFindings } from "./observed-policies.ts";
import { schemaFindings, type Query } from "./schemas.ts";
import { slotFindings } from "./slots.ts";

const { error } = findings("host");
const containers = findings("containers");

/** The stack's own database server. */
const POSTGRES = "postgres";

/** Everything about a stack that its Docker Engine can tell. */
export async function dockerFindings(project: Project): Promise<readonly DoctorFinding[]> {
  const address = project.settings.docker;
  const docker = dockerClient(address);
  let engine: EngineVersion;
  try {
    engine = await engineVersion(docker);
  } catch (problem) {
    const { where, fix } = unreachable(address, problem);
    return [error(`no Docker Engine answers at ${where}`, fix)];
  }
  return [
    ...(await hostFindings(docker, new DockerRuntime(address), project, engine)),
    ...(await containersPart(docker, project)),
    ...(await databasesPart(docker, project)),
    ...(await backupsPart(docker, project)),
  ];
}

async function containersPart(docker: Docker, { settings, recording }: Project): Promise<readonly DoctorFinding[]> {
  const { identity } = settings;
  const { inventory } = recording.result;
  const observations = await observe(docker, inventory);
  const wanted = recording.resources
    .filter(({ type }) => type === "docker:index/container:Container")
    .map(({ inputs }) => inputs as RecordedContainer);
  const there = await Promise.all(
    (await docker.listContainers({ all: true, filters: stackFilter(identity) })).map(({ Id }) =>
      docker.getContainer(Id).inspect(),
    ),
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
        containers.error(
          `${service}: container ${instance} is ${state}`,
          "npm run up, which repairs what can be repaired",
        ),
      ),
    ...compared.flat(),
    ...there
      .filter(({ Name }) => !names.has(Name.slice(1)))
      .map(({ Name }) =>
        containers.warning(
          `container ${Name.slice(1)} carries the stack's label and is not in the model`,
          "npm run up, which removes it",
        ),
      ),
    ...observedFindings(there, settings),
  ];
}

async function databasesPart(docker: Docker, { settings }: Project): Promise<readonly DoctorFinding[]> {
  const named = (service: string) => physicalName(settings.identity, service);
  if (settings.postgres.mode !== "container" || (await running(docker, named(POSTGRES))) === undefined) return [];
  const query: Query = (database, sql) => askPostgres(docker, settings.identity, database, sql);
  return [
    ...(await schemaFindings(settings, query, (job) => `docker start --attach ${named(job)}`)),
    ...(await dataApiFindings(settings, query)),
    ...(await slotFindings(settings, query)),
  ];
}

async function backupsPart(
  docker: Docker,
  { settings: { identity, backup } }: Project,
): Promise<readonly DoctorFinding[]> {
  const name = physicalName(identity, backups.name);
  const container = backup.enabled ? await running(docker, name) : undefined;
  if (container === undefined) return [];
  const metrics = await exec(docker, name, ["sh", "-c", `cat ${METRICS_PATH}/backup.prom 2>/dev/null || true`]);
  return backupAgeFindings({ metrics, since: Date.parse(container.Created), ...backup }, Date.now());
}

/** A container, where it runs; that it does not is a finding of its own. */
async function running(docker: Docker, name: string): Promise<Docker.ContainerInspectInfo | undefined> {
  const container = await docker
    .getContainer(name)
    .inspect()
    .catch(() => undefined);
  return container?.State.Running === true && !container.State.Paused ? container : undefined;
}

async function image(docker: Docker, reference: string): Promise<Docker.ImageInspectInfo | undefined> {
  try {
    return await docker.getImage(reference).inspect();
  } catch {
    return undefined;
  }
}
