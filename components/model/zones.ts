/**
 * Trust zones, from the outside in. A workload lives in one; what it connects
 * to decides which others it can reach.
 *
 * - `edge`: the only zone with a way to and from the outside
 * - `backend`: services; no way out
 * - `data`: everything that holds data; no way out
 */
export const ZONES = ["edge", "backend", "data"] as const;
export type Zone = (typeof ZONES)[number];

/** Zones whose members have no route to the outside. */
export const INTERNAL_ZONES: ReadonlySet<Zone> = new Set<Zone>(["backend", "data"]);
