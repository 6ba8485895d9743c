import { readFileSync } from "node:fs";
import type Docker from "dockerode";
import { physicalName } from "../../../components/model/identity.ts";
import { postgres } from "../../../components/services/postgres/index.ts";
import { REPLICA, SLOT } from "../../../components/services/postgres/replica/names.ts";
import { CliError } from "../../kit/exit.ts";
import { note } from "../../kit/output.ts";
import type { Project } from "../../kit/project.ts";
import { dockerClient, requireDocker } from "../../runtime/docker/client.ts";
import { exec } from "../../runtime/docker/exec.ts";
import { resultOf } from "../open.ts";
import type { Promoted, PromotionHost } from "../promotion.ts";
import { startContainers, stopContainers } from "./consumers.ts";
import { copyContainer, type CopyOf } from "./promotion-container.ts";

const SOURCE = new URL("../../../components/services/postgres/scripts/promote.sh", import.meta.url);

/** Where the container has it. */
const SCRIPT = "/opt/promote.sh";

/** Takes the script from standard input, and lets the server's user write where a fresh volume belongs to root. */
const PREPARE = 'cat >"$1" && chown "$(id -u postgres):$(id -g postgres)" "$0"';

/** The two servers of one Docker host. */
export class DockerPromotionHost implements PromotionHost {
  readonly #docker: Docker;
  readonly #project: Project;
  readonly #primary: string;
  readonly #replica: string;

  constructor(docker: Docker, project: Project) {
    this.#docker = docker;
    this.#project = project;
    this.#primary = physicalName(project.settings.identity, postgres.name);
    this.#replica = physicalName(project.settings.identity, REPLICA);
  }

  async require(): Promise<void> {
    await this.#copied();
  }

  async stop(): Promise<void> {
    // Docker kills what does not end in its time, so neither writes after this.
    for (const name of [this.#primary, this.#replica]) {
      note(`stopping container ${name}`);
      await stopContainers(this.#docker, [name]);
    }
  }

  async promote({ acceptLoss }: { readonly acceptLoss: boolean }): Promise<Promoted> {
    const of = await this.#copied();
    await this.#requireVolume(of.primaryVolume);
    const name = physicalName(this.#project.settings.identity, "promote");
    const container = await copyContainer(this.#docker, name, of);
    try {
      await exec(this.#docker, name, ["sh", "-c", PREPARE, of.path, SCRIPT], { input: readFileSync(SOURCE, "utf8") });
      const environment = [
        `PRIMARY=${of.pgdata}`,
        `REPLICA=${of.replicaPgdata}`,
        `REPLICA_SLOT=${SLOT}`,
        `ACCEPT_LOSS=${acceptLoss}`,
      ];
      return resultOf(
        await exec(this.#docker, name, ["gosu", "postgres", "env", ...environment, "bash", SCRIPT]),
      ) as Promoted;
    } finally {
      await container.remove({ force: true });
    }
  }

  async start(): Promise<boolean> {
    await startContainers(this.#docker, [this.#primary, this.#replica]);
    return this.#docker
      .getContainer(this.#primary)
      .inspect()
      .then(
        () => true,
        () => false,
      );
  }

  /** The replica's container says where its data is, and with that where the primary's is. */
  async #copied(): Promise<CopyOf> {
    const like = await this.#docker
      .getContainer(this.#replica)
      .inspect()
      .catch(() => undefined);
    const variable = (name: string) =>
      like?.Config.Env.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
    const [path, pgdata] = [variable("REPLICA_VOLUME"), variable("PGDATA")];
    const replicaVolume = like?.Mounts.find(({ Destination }) => Destination === path)?.Name;
    if (like === undefined || path === undefined || pgdata === undefined || replicaVolume === undefined)
      throw new CliError({
        got: `container ${this.#replica} is not there`,
        allowed: "a stack whose replica was up",
        fix: "nothing was changed; run: npm run up",
      });
    return { like, path, pgdata, replicaVolume, ...namesBeside(replicaVolume, path, pgdata) };
  }

  /** A volume that is gone is made as the engine made it: with other labels the next update would refuse it. */
  async #requireVolume(name: string): Promise<void> {
    const { Volumes } = await this.#docker.listVolumes();
    if (Volumes.some(({ Name }) => Name === name)) return;
    const recorded = this.#project.recording.resources.find(
      ({ type, inputs }) => type === "docker:index/volume:Volume" && inputs["name"] === name,
    );
    const labels = (recorded?.inputs["labels"] ?? []) as readonly { readonly label: string; readonly value: string }[];
    note(`volume ${name} is gone: making an empty one`);
    await this.#docker.createVolume({
      Name: name,
      Labels: Object.fromEntries(labels.map(({ label, value }) => [label, value])),
    });
  }
}

/** Where the other volume is seen beside the replica's own place. */
const BESIDE = "/replica";

function namesBeside(replicaVolume: string, path: string, pgdata: string) {
  return {
    primaryVolume: replicaVolume.replace(/-replica$/, ""),
    replicaPath: BESIDE,
    replicaPgdata: `${BESIDE}${pgdata.slice(path.length)}`,
  };
}

/** @throws CliError when Docker does not answer */
export async function openPromotionHost(project: Project): Promise<PromotionHost> {
  const docker = dockerClient(project.settings.docker);
  await requireDocker(docker, project.settings.docker);
  return new DockerPromotionHost(docker, project);
}
