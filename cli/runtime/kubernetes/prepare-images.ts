import { registryOf, registryParts } from "../../../components/model/images.ts";
import type { Problem } from "../../../components/model/problem.ts";
import { parseImage } from "../../../policies/read/image.ts";
import type { LoginFor } from "../../images/authorization.ts";
import { CHOOSE_ANOTHER, platformProblem } from "../../images/platform-problem.ts";
import { pullFailed } from "../../images/pull-failure.ts";
import { RegistryClient } from "../../images/registry-client.ts";
import { RegistryRefusal } from "../../images/registry-refusal.ts";
import { CliError, happenedIn } from "../../kit/exit.ts";
import { note } from "../../kit/output.ts";
import type { Project } from "../../kit/project.ts";
import type { ReadLogins } from "../runtime.ts";
import type { Cluster } from "./client.ts";
import { imagesThere, type ImagesThere } from "./images-there.ts";

/** Milliseconds in which a registry must answer: a cluster without a way out gets its images otherwise. */
const ANSWERS_WITHIN = 5000;

type Asks = (login: LoginFor) => Pick<RegistryClient, "image">;

/**
 * Asks registries from this machine for the images that no node is known to have. A pull that fails is found out by a
 * pod in the middle of an update otherwise. A node has its own mirrors, logins and way out: so only what a registry
 * says for certain is an error, the rest is told.
 * @throws CliError with every image that cannot be pulled
 */
export async function prepareImages(
  cluster: Pick<Cluster, "core">,
  namespace: string,
  { stack, settings, recording }: Pick<Project, "stack" | "settings" | "recording">,
  logins: ReadLogins,
  ask: Asks = (login) => new RegistryClient(login, ANSWERS_WITHIN),
): Promise<void> {
  const references = [...new Set(recording.result.inventory.workloads.map(({ reference }) => reference))];
  const there = await imagesThere(cluster, namespace, settings.kubernetes.nodeSelector);
  const missing = references.filter((reference) => !there.has(reference));
  if (missing.length === 0) return;
  const hosts = [...new Set(missing.map(registryOf))];
  const known = await logins(hosts);
  const loginOf = (host: string) => known.find((login) => login.host === host);
  const client = ask((host) => Promise.resolve(loginOf(host)));
  const answers = await Promise.all(
    hosts.map((host) => {
      const own = missing.filter((reference) => registryOf(reference) === host);
      return askHost(client, own, { host, login: loginOf(host), there });
    }),
  );
  const problems = answers.flatMap(({ problems }) => problems);
  if (problems.length > 0)
    throw new CliError({
      heading: `stack ${stack}: ${problems.length} of ${references.length} images are on no node and cannot be pulled; nothing was changed`,
      problems,
    });
  for (const told of answers.flatMap(({ unknown }) => unknown)) note(`not checked: ${told}`);
}

interface Place {
  readonly host: string;
  readonly login: Awaited<ReturnType<ReadLogins>>[number] | undefined;
  readonly there: ImagesThere;
}

interface Answer {
  readonly problems: readonly Problem[];
  /** What is not known, and why. */
  readonly unknown: readonly string[];
}

async function askHost(
  client: Pick<RegistryClient, "image">,
  references: readonly string[],
  place: Place,
): Promise<Answer> {
  const problems: Problem[] = [];
  const unknown: string[] = [];
  for (const [index, reference] of references.entries()) {
    try {
      const found = await askFor(client, reference, place);
      if (typeof found === "string") unknown.push(found);
      else if (found !== undefined) problems.push(found);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      const left = references.slice(index).join(", ");
      unknown.push(`whether the nodes can pull ${left}: ${happenedIn(error)}`);
      break;
    }
  }
  return { problems, unknown };
}

/** What is wrong with an image, or a text where that is not certain. */
async function askFor(
  client: Pick<RegistryClient, "image">,
  reference: string,
  { host, login, there }: Place,
): Promise<Problem | string | undefined> {
  const pull = { reference, host, login, puller: "the nodes" };
  const { repository, tag = "latest", digest } = parseImage(reference);
  try {
    const image = await client.image(host, registryParts(repository).repository, digest ?? tag);
    if (image !== undefined)
      return there.platforms.length === 0
        ? undefined
        : platformProblem({
            reference,
            built: image.platforms,
            wanted: there.platforms,
            runs: "the nodes run",
            fix: CHOOSE_ANOTHER,
          });
    if (there.isWhole) return pullFailed({ ...pull, said: "the registry has no such image" }, "unknown");
    return `whether a node has ${reference}, which ${host} does not have: kubelets name 50 images at most`;
  } catch (error) {
    if (!(error instanceof RegistryRefusal)) throw error;
    if (login !== undefined) return pullFailed({ ...pull, said: happenedIn(error) }, "refused");
    return `whether the nodes may pull ${reference}, which ${host} gives to nobody without a login`;
  }
}
