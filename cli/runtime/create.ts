import { namespaceOf } from "../../components/platform/kubernetes/context.ts";
import { openStack } from "../engine/open.ts";
import type { KubeconfigSource } from "./kubernetes/client.ts";
import type { Project } from "../kit/project.ts";
import type { Runtime } from "./runtime.ts";

/** What runs a project's stack. The only place of the command line that chooses it; each is loaded only where it is used. */
export async function createRuntime(project: Project): Promise<Runtime> {
  const { settings } = project;
  switch (settings.platform) {
    case "docker": {
      const { DockerRuntime } = await import("./docker/docker-runtime.ts");
      return new DockerRuntime(settings.docker.host);
    }
    case "kubernetes": {
      const { KubernetesRuntime } = await import("./kubernetes/kubernetes-runtime.ts");
      return new KubernetesRuntime(await kubeconfigOf(project), namespaceOf(settings.identity));
    }
  }
}

/** Where a stack's cluster is named. */
export async function kubeconfigOf(project: Project): Promise<KubeconfigSource> {
  const { kubeconfig: path, context } = project.settings.kubernetes;
  return { content: await secretKubeconfig(project), path, context };
}

/** The recording has a stand-in for it; only the engine can decrypt it. */
async function secretKubeconfig(project: Project): Promise<string | undefined> {
  const { identity, secrets } = project.settings;
  if (secrets.kubeconfig === undefined) return undefined;
  return (await (await openStack(project)).getConfig(`${identity.project}:kubeconfig`)).value;
}
