import type { ComponentResource, Input } from "@pulumi/pulumi";
import type { DockerAddress } from "../model/docker-address.ts";
import type { StackIdentity } from "../model/identity.ts";
import type { Image } from "../model/images.ts";
import type { RegistryLogin } from "../model/registry-login.ts";
import type { Resources } from "../model/workload.ts";
import { DockerPlatform } from "./docker/docker-platform.ts";
import type { ClusterSettings } from "./kubernetes/context.ts";
import { KubernetesPlatform } from "./kubernetes/kubernetes-platform.ts";
import type { Platform } from "./platform.ts";

/** What a stack's settings say about its platform. */
export interface PlatformSettings {
  readonly platform: "docker" | "kubernetes";
  readonly identity: StackIdentity;
  readonly docker: DockerAddress;
  readonly kubernetes: ClusterSettings & {
    readonly kubeconfig?: string | undefined;
    readonly context?: string | undefined;
  };
  /** A whole kubeconfig; wins over the path. */
  readonly kubeconfig?: Input<string> | undefined;
  readonly proxy: { readonly resources: Resources };
  readonly volumes: { readonly protect: boolean };
  /** Who pulls images. @default - nobody logs in */
  readonly logins?: readonly RegistryLogin[];
  /** Whether the stack collects logs, and the port of a Docker host on which it does. */
  readonly logs: { readonly enabled: boolean; readonly port: number };
}

/** The platform of a stack. The only place that chooses one. */
export function createPlatform(
  settings: PlatformSettings,
  image: (name: "traefik") => Image,
  parent: ComponentResource,
): Platform {
  const { identity, volumes, logins = [] } = settings;
  const shared = { identity, protectData: volumes.protect, logins, parent };
  switch (settings.platform) {
    case "docker":
      return new DockerPlatform({
        ...shared,
        docker: settings.docker,
        proxyImage: image("traefik"),
        proxyResources: settings.proxy.resources,
        collector: settings.logs.enabled ? settings.logs : undefined,
      });
    case "kubernetes":
      return new KubernetesPlatform({
        ...shared,
        cluster: settings.kubernetes,
        kubeconfig: settings.kubeconfig ?? settings.kubernetes.kubeconfig,
        context: settings.kubernetes.context,
      });
  }
}
