import type { ContainerSpec } from "../model/workload.js";
import { ZONES, type Zone } from "../model/zones.js";

/** Every zone a container must be a member of: its own and those of what it connects to, from the outside in. */
export function memberZones({ zone, connectsTo = [], reaches = [], egress = false }: ContainerSpec): readonly Zone[] {
  const members = new Set<Zone>([zone, ...reaches, ...connectsTo.map((endpoint) => endpoint.zone), ...(egress ? (["edge"] as const) : [])]);
  return ZONES.filter((candidate) => members.has(candidate));
}
