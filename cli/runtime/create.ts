import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { whichDocker } from "../../components/platform/docker/which-docker.ts";
import { readStack } from "../engine/read-stack.ts";
import type { KubeconfigSource } from "./kubernetes/client.ts";
import { takeDockerEnvironment } from "../kit/docker-environment.ts";
import { note } from "../kit/output.ts";
import type { Project } from "../kit/project.ts";
import { runtimeAt } from "./place.ts";
import type { Runtime } from "./runtime.ts";

/** How the stack is found whose configuration is read. */
type Open = (project: Project) => Promise<Stack>;

/** What runs a project's stack, by its settings. `open` makes the stack where a command may. */
export async function createRuntime(project: Project, open: Open = readStack): Promise<Runtime> {
  const { platform, docker, identity } = project.settings;
  if (platform === "docker")
    for (const other of whichDocker(docker, takeDockerEnvironment()).ignored)
      note(`not used: ${other}; the stack's Docker is ${docker.host}, as in apprun:docker.host`);
  const place =
    platform === "docker" ? { platform, address: docker } : { platform, kubeconfig: await kubeconfigOf(project, open) };
  return runtimeAt(place, identity);
}

/** Where a stack's cluster is named. */
export async function kubeconfigOf(project: Project, open: Open = readStack): Promise<KubeconfigSource> {
  const { kubeconfig: path, context } = project.settings.kubernetes;
  return { content: await secretKubeconfig(project, open), path, context };
}

/** The recording has a stand-in for it; only the engine can decrypt it. */
async function secretKubeconfig(project: Project, open: Open): Promise<string | undefined> {
  const { identity, secrets } = project.settings;
  if (secrets.kubeconfig === undefined) return undefined;
  return (await (await open(project)).getConfig(`${identity.project}:kubeconfig`)).value;
}
