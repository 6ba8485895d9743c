import type Docker from "dockerode";
import type { DockerAddress } from "../../components/model/docker-address.ts";
import type { DockerEnvironment } from "../../components/platform/docker/which-docker.ts";
import { takeDockerEnvironment } from "../kit/docker-environment.ts";
import { CliError, EXIT, reasonOf } from "../kit/exit.ts";
import { note, print, printJson, secondsSince } from "../kit/output.ts";
import { loadProject, type CommonOptions, type Project } from "../kit/project.ts";
import { named } from "../kit/services.ts";
import { kubeconfigOf } from "../runtime/create.ts";
import { dockerClient, requireDocker } from "../runtime/docker/client.ts";
import { engineInfo } from "../runtime/docker/machine.ts";
import { localImage, pushToEngine, type LocalImage } from "../runtime/docker/push-image.ts";
import { shellEngine } from "../runtime/docker/shell-engine.ts";
import { connect, type Cluster } from "../runtime/kubernetes/client.ts";
import { nodeAddress } from "../runtime/kubernetes/push-to-node.ts";
import { pushToNodes } from "../runtime/kubernetes/push-to-nodes.ts";
import { sentText, type Sent } from "../runtime/push-progress.ts";

export interface ImagePushOptions extends CommonOptions {
  /** The engine that has the image. @default - the one of this shell */
  readonly from?: string;
  /** Machines of the cluster's nodes, by ssh. */
  readonly node?: readonly string[];
}

/** What a push works with; a test gives others. */
export interface ImagePushSystem {
  readonly loadProject: (options: CommonOptions) => Promise<Project>;
  readonly environment: () => DockerEnvironment;
  readonly docker: (address: DockerAddress) => Docker;
  readonly cluster: (project: Project) => Promise<Pick<Cluster, "server" | "core">>;
}

const SYSTEM: ImagePushSystem = {
  loadProject,
  environment: takeDockerEnvironment,
  docker: dockerClient,
  cluster: async (project) => connect(await kubeconfigOf(project)),
};

/**
 * Brings an image that the stack runs from the engine that built it to where the stack runs, without a registry.
 * @throws CliError for everything that can be wrong with it, before anything is sent
 */
export async function imagePush(
  name: string,
  options: ImagePushOptions,
  system: ImagePushSystem = SYSTEM,
): Promise<void> {
  const start = performance.now();
  const project = await system.loadProject(options);
  const { platform, docker: address } = project.settings;
  const reference = chosenReference(name, project);
  const nodes = nodesOf(options.node ?? [], platform);
  const from = shellEngine(options.from, system.environment());
  const source = system.docker(from);
  const sourceId = await idOf(source, from);
  const image = await requireImage(source, reference, from);
  const where = platform === "docker" ? address.host : nodes.map(({ text }) => text).join(", ");
  let sent: Sent | undefined;
  if (platform === "docker") {
    const target = system.docker(address);
    await requireDocker(target, address);
    const same = (await engineInfo(target)).ID === sourceId;
    if (!same) note(`sending ${reference} from ${from.host} to ${where}`);
    sent = same ? undefined : await pushToEngine(source, target, reference, image);
  } else sent = await pushToNodes(source, await system.cluster(project), nodes, { reference, image });
  const seconds = secondsSince(start);
  if (options.json === true)
    printJson({ image: reference, from: from.host, to: where, sent: 0, skipped: image.size, ...sent, seconds });
  else if (sent === undefined) print(`nothing to do: ${from.host} is the engine that stack ${project.stack} runs on`);
  else print(`${reference} is at ${where}: ${sentText(sent)}, ${seconds} s`);
}

/** The reference under which the stack looks for the image. */
function chosenReference(name: string, project: Project): string {
  const references = [...new Set(project.recording.result.inventory.workloads.map((each) => each.reference))].sort();
  const { name: reference } = named(
    "image",
    name,
    references.map((each) => ({ name: each })),
  );
  if (!reference.includes("@")) return reference;
  throw new CliError(
    {
      got: `image: got ${reference}, which the settings name by a digest`,
      allowed: "an image that they name by its tag alone: an engine knows a digest only of what it pulled",
      fix: "remove digest from the image, and accept the policy image-digest with the reason where the stack has it",
    },
    EXIT.usage,
  );
}

function nodesOf(given: readonly string[], platform: "docker" | "kubernetes") {
  if ((platform === "kubernetes") === given.length > 0) return given.map(nodeAddress);
  throw new CliError(
    platform === "docker"
      ? {
          got: `--node: got ${given.join(", ")} for a stack on a Docker host`,
          allowed: "no node: apprun:docker.host says where the image goes",
          fix: "leave it out",
        }
      : {
          got: "--node: got none for a stack on Kubernetes",
          allowed: "the machine of each node that may run it, such as ssh://root@node-1",
          fix: "name them: each node has images of its own",
        },
    EXIT.usage,
  );
}

async function idOf(source: Docker, { host }: DockerAddress): Promise<string> {
  try {
    return (await engineInfo(source)).ID;
  } catch (error) {
    throw new CliError(
      {
        happened: `nothing was sent: missing a Docker Engine at ${host} (${reasonOf(error)})`,
        fix: "start it, or name the one that has the image with --from",
      },
      EXIT.noEngine,
      { cause: error },
    );
  }
}

async function requireImage(source: Docker, reference: string, { host }: DockerAddress): Promise<LocalImage> {
  const image = await localImage(source, reference);
  if (image !== undefined) return image;
  const repository = reference.slice(0, reference.lastIndexOf(":"));
  const tags = (await source.listImages())
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .filter((tag) => tag.startsWith(`${repository}:`))
    .sort();
  throw new CliError(
    {
      got: `image: got ${reference}, which the Docker Engine at ${host} does not have`,
      allowed: `an image that it has; of that repository: ${tags.join(", ") || "none"}`,
      fix: `build it with: docker build --tag ${reference} . Or name another engine with --from`,
    },
    EXIT.usage,
  );
}
