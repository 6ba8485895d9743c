import { existsSync } from "node:fs";
import type { DockerAddress } from "../../components/model/docker-address.ts";
import type { StackIdentity } from "../../components/model/identity.ts";
import { namespaceOf } from "../../components/platform/kubernetes/context.ts";
import type { State, StateResource } from "../engine/state.ts";
import type { KubeconfigSource } from "./kubernetes/client.ts";
import type { Runtime } from "./runtime.ts";

/** Where a stack runs. */
export type Place =
  | { readonly platform: "docker"; readonly address: DockerAddress }
  | { readonly platform: "kubernetes"; readonly kubeconfig: KubeconfigSource };

/**
 * Where the state says that a stack runs, which is where its providers made
 * things: the settings may name another place by now, or be gone. More than one
 * for a stack that was moved by half; none where nothing was made.
 */
export function placesOf({ resources = [] }: State): readonly Place[] {
  return resources.flatMap((resource) => (resource.delete === true ? [] : placeOf(resource)));
}

function placeOf({ type, inputs = {} }: StateResource): readonly Place[] {
  switch (type) {
    case "pulumi:providers:docker":
      return [{ platform: "docker", address: dockerAddress(inputs) }];
    case "pulumi:providers:kubernetes":
      return [
        {
          platform: "kubernetes",
          kubeconfig: { ...kubeconfig(text(inputs.kubeconfig)), context: text(inputs.context) },
        },
      ];
    default:
      return [];
  }
}

function dockerAddress({ host, certPath }: NonNullable<StateResource["inputs"]>): DockerAddress {
  const directory = text(certPath) ?? "";
  return {
    host: text(host) ?? "unix:///var/run/docker.sock",
    ...(directory !== "" && { certPath: directory }),
  };
}

/** The provider takes a path and a whole kubeconfig alike. */
function kubeconfig(given: string | undefined): KubeconfigSource {
  return given === undefined || existsSync(given) || !/\s/.test(given.trim()) ? { path: given } : { content: given };
}

/** A text, or the one within what the engine exports for a secret: JSON in a wrapper. */
function text(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const plain = typeof value === "object" && value !== null && "plaintext" in value ? value.plaintext : undefined;
  return typeof plain === "string" ? String(JSON.parse(plain)) : undefined;
}

/** What runs there. The only place of the command line that chooses it; each is loaded only where it is used. */
export async function runtimeAt(place: Place, identity: StackIdentity): Promise<Runtime> {
  switch (place.platform) {
    case "docker": {
      const { DockerRuntime } = await import("./docker/docker-runtime.ts");
      return new DockerRuntime(place.address);
    }
    case "kubernetes": {
      const { KubernetesRuntime } = await import("./kubernetes/kubernetes-runtime.ts");
      return new KubernetesRuntime(place.kubeconfig, namespaceOf(identity));
    }
  }
}
