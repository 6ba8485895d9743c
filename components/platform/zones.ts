import type { ContainerSpec } from "../model/workload.ts";
import { ZONES, type Zone } from "../model/zones.ts";

/**
 * The zones that a container must be a member of, from the outside in: its own,
 * and for each thing that it connects to one that both are in. It joins no
 * other, so that a member of an internal zone gets no way out by the way.
 */
export function memberZones({ zone, connectsTo = [], reaches = [], egress = false }: ContainerSpec): readonly Zone[] {
  const members = new Set<Zone>([zone, ...reaches, ...(egress ? (["edge"] as const) : [])]);
  for (const endpoint of connectsTo)
    if (!endpoint.memberOf.some((candidate) => members.has(candidate))) members.add(endpoint.zone);
  return ZONES.filter((candidate) => members.has(candidate));
}
