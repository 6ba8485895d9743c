import { NOT_ELSEWHERE, type StackPolicy } from "../policy.js";
import { backupsOf } from "../read/backup.js";

/** Schemes of repositories on another machine. */
const REMOTE = /^(s3|b2|azure|gs|swift|sftp|rest|rclone|https):/;

export const backupRemote: StackPolicy = {
  kind: "stack",
  name: "backup-remote",
  description: "In production backups also go to another machine: a backup on the disk that died is none.",
  enforcement: NOT_ELSEWHERE,
  allowed: "a repository such as s3:https://…",
  remedy: "set the remote target of the backups",
  check: (resources) => {
    const backups = backupsOf(resources);
    if (backups.length === 0 || backups.some(({ env }) => env.some(({ key, value }) => key.includes("REPOSITORY") && REMOTE.test(value)))) return [];
    return ["backups: got no remote repository"];
  },
};
