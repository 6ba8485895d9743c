import { formatMebibytes } from "../../components/model/units.ts";
import { SHOWN, type StackPolicy } from "../policy.ts";

/** What restic, the dumps and the drill's server take without any index, in MiB. */
const WITHOUT_INDEX = 192;
/** Bytes that restic holds in memory for each blob of the repository: measured by its author in restic/restic#2217. */
const PER_BLOB = 350;
/** A blob's mean size in KiB. restic cuts large files into pieces of 1 MiB; a small file is a blob of its own. */
const BLOB = 128;

const needed = (repository: number): number => WITHOUT_INDEX + Math.ceil((repository / BLOB) * (PER_BLOB / 1024));

export const backupMemory: StackPolicy = {
  kind: "stack",
  name: "backup-memory",
  description:
    "The backup has memory for the index of its largest repository, which restic holds as a whole, so that a grown repository does not end it.",
  enforcement: SHOWN,
  allowed: "192Mi, and 2.7Mi for each GiB of the larger of backup.local.size and backup.remote.size",
  remedy: "raise backup.resources.limits.memory",
  check: (_resources, { backupRoom: room }) =>
    room === undefined || room.memory >= needed(room.largest)
      ? []
      : [
          `backup.resources.limits.memory: got ${formatMebibytes(room.memory)} for a repository of ${formatMebibytes(room.largest)}, which needs ${formatMebibytes(needed(room.largest))}`,
        ],
};
