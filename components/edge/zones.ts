import * as cloudflare from "@pulumi/cloudflare";
import type { ComponentResource, Input } from "@pulumi/pulumi";
import { ModelError } from "../model/errors.ts";
import type { CloudflareProvider } from "./provider.ts";

export interface ZoneSettings {
  readonly name: string;
  /** @default - looked up by name */
  readonly id?: string | undefined;
  /** Whether this stack sets what the whole zone has once. */
  readonly manage: boolean;
}

/** A zone that records can be made in. */
export interface Zone extends Omit<ZoneSettings, "id"> {
  readonly id: Input<string>;
}

/** The zones with their ids. */
export function resolveZones(
  zones: readonly ZoneSettings[],
  provider: CloudflareProvider,
  parent: ComponentResource,
): readonly Zone[] {
  return zones.map(({ name, id, manage }) => ({
    name,
    manage,
    id: id ?? cloudflare.getZoneOutput({ filter: { name } }, { provider, parent }).zoneId,
  }));
}

/**
 * The zone that a host name is in: of several the closest.
 * @throws ModelError when it is in none
 */
export function zoneOf<Z extends Pick<ZoneSettings, "name">>(host: string, zones: readonly Z[]): Z {
  const candidates = zones.filter(({ name }) => host === name || host.endsWith(`.${name}`));
  const zone = candidates.sort((a, b) => b.name.length - a.name.length)[0];
  if (zone === undefined)
    throw new ModelError({
      got: `host "${host}": got no zone that holds it`,
      allowed: zones.map(({ name }) => name).join(", "),
      fix: "add its zone to cloudflare.zones or change the domain",
    });
  return zone;
}
