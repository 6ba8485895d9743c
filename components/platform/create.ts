import type { ComponentResource } from "@pulumi/pulumi";
import type { StackIdentity } from "../model/identity.js";
import type { Image, ImageName } from "../model/images.js";
import type { Resources } from "../model/workload.js";
import { DockerPlatform } from "./docker/docker-platform.js";
import type { Platform } from "./platform.js";

/** What a stack's settings say about its platform. */
export interface PlatformSettings {
  readonly identity: StackIdentity;
  readonly docker: { readonly host: string };
  readonly proxy: { readonly resources: Resources };
  readonly volumes: { readonly protect: boolean };
}

/** The platform of a stack. The only place that chooses one. */
export function createPlatform(settings: PlatformSettings, image: (name: ImageName) => Image, parent: ComponentResource): Platform {
  return new DockerPlatform({
    identity: settings.identity,
    host: settings.docker.host,
    protectData: settings.volumes.protect,
    proxyImage: image("traefik"),
    proxyResources: settings.proxy.resources,
    parent,
  });
}
