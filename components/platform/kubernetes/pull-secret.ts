import type { types } from "@pulumi/kubernetes";
import { all } from "@pulumi/pulumi";
import { HUB } from "../../model/images.ts";
import type { RegistryLogin } from "../../model/registry-login.ts";
import type { KubernetesContext } from "./context.ts";
import { objectMetadata } from "./labels.ts";

/** Its name is fixed, so that another password starts no pod again. */
export const PULL_SECRET = "registries";

/** What the kubelet looks for of Docker Hub's images. */
const HUB_ADDRESS = "https://index.docker.io/v1/";

/** The logins that every pod pulls its image with. */
export function pullSecret(context: KubernetesContext, logins: readonly RegistryLogin[]): types.input.core.v1.Secret {
  const config = all(logins.map(({ password }) => password)).apply((passwords) => {
    const auths = logins.map(({ host, username }, index) => {
      const password = passwords[index] ?? "";
      const auth = Buffer.from(`${username}:${password}`).toString("base64");
      return [host === HUB ? HUB_ADDRESS : host, { username, password, auth }] as const;
    });
    return JSON.stringify({ auths: Object.fromEntries(auths) });
  });
  return {
    metadata: objectMetadata(context, PULL_SECRET, "registries"),
    type: "kubernetes.io/dockerconfigjson",
    stringData: { ".dockerconfigjson": config },
  };
}
