import type { ComponentResource } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import type { Bytes } from "../../model/units.ts";
import type { Mount, VolumeSpec } from "../../model/volume.ts";
import type { Platform } from "../../platform/platform.ts";
import type { OwnServiceSettings } from "./settings.ts";
import type { OwnVolumeSettings } from "./volume-settings.ts";

type Volumes = Pick<OwnServiceSettings, "volumes">;

/** The name of a volume, which begins with its service's. */
function volumeName(service: string, volume: string): string {
  return `${service}-${volume}`;
}

/** What each of its volumes is planned to hold. */
export function volumeSizes(service: string, { volumes }: Volumes): Readonly<Record<string, Bytes>> {
  return Object.fromEntries(Object.entries(volumes).map(([name, { size }]) => [volumeName(service, name), size]));
}

export function volumeSpec(
  { size, shared, retention, leftOut }: OwnVolumeSettings,
  { gid }: Pick<Image, "gid">,
  /** What `credentials` calls the login of its database. */
  login?: string,
): VolumeSpec {
  if (retention === "cache") return { size, shared, retention };
  const backup = leftOut === undefined ? { files: { gid } } : { leftOut };
  return { size, shared, retention, backup, ...(login !== undefined && { ifForgotten: { then: oldPassword(login) } }) };
}

function oldPassword(login: string): string {
  return `its database has a new password: where its files hold the old one, write what npm run credentials -- ${login} shows`;
}

/** Makes its volumes, whether it runs or not. */
export function ownVolumes(
  platform: Platform,
  service: string,
  { volumes }: Volumes,
  image: Image,
  login: string | undefined,
  parent: ComponentResource,
): readonly Mount[] {
  return Object.entries(volumes).map(([name, given]) => ({
    volume: platform.volume(volumeName(service, name), volumeSpec(given, image, login), { parent }),
    path: given.path,
  }));
}

/** Whether what it writes outlives it, and so must fit the next version. */
export function keepsData({ volumes }: Volumes): boolean {
  return Object.values(volumes).some(({ retention }) => retention === "data");
}
