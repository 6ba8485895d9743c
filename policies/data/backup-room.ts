import { formatMebibytes } from "../../components/model/units.ts";
import { SHOWN, type StackPolicy } from "../policy.ts";

/** The part of a database's planned size that its dumps take at least: they have no indexes, and few databases are full. */
const DUMPED = 0.1;

export const backupRoom: StackPolicy = {
  kind: "stack",
  name: "backup-room",
  description:
    "The volume of backups has room for dumps beside the repository, so that the nights do not begin to fail when the data has grown.",
  enforcement: SHOWN,
  allowed: "backup.local.size and a tenth of postgres.storage, into which dumps are written uncompressed",
  remedy: "raise backup.storage",
  check: (_resources, { backupRoom: room }) =>
    room === undefined || room.storage >= room.repository + room.database * DUMPED
      ? []
      : [
          `backup.storage: got ${formatMebibytes(room.storage)} for a repository of ${formatMebibytes(room.repository)} and dumps of a database of ${formatMebibytes(room.database)}`,
        ],
};
