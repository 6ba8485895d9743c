import { mebibytes, type Bytes } from "../../model/units.ts";

/** How many files of volumes the server may have. */
export const SLOTS = 47;

/** The server begins so many at once for what it keeps of its own, and so many for each bucket. */
const AT_ONCE = 7;

/** What is not the app's: the server's own, and the bucket that says which copy counts. Both are a few bytes. */
const OTHERS = 2 * AT_ONCE;

/** The part of the data volume that they may fill: the list of objects and the room for tidying up lie beside them. */
const SHARE = 0.9;

/** The smallest data volume, with volumes of some 30 MB. */
export const MINIMUM: Bytes = "1Gi";

/**
 * Size in MB above which a volume takes nothing new, so that all of the bucket's together stay within the data volume.
 * The default, 30 GB each, would leave a small disk with fewer volumes than a bucket takes.
 */
export function slotSize(storage: Bytes): number {
  return Math.floor((mebibytes(storage) * SHARE) / (SLOTS - OTHERS));
}
