import { mebibytes, type Bytes } from "../../model/units.ts";

/** Memory of the process without clients. */
export const IDLE_MEMORY: Bytes = "128Mi";

/** Bytes that a connection takes: the upper end of what centrifugal.dev, FAQ, "How many connections" measures. */
const CONNECTION_BYTES = 50_000;

/** How many clients one replica takes before it refuses more, so that none of them ends the process of all. */
export function connectionLimit(memory: Bytes): number {
  return Math.floor(((mebibytes(memory) - mebibytes(IDLE_MEMORY)) * 1024 * 1024) / CONNECTION_BYTES);
}
