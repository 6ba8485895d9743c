import { NOT_ELSEWHERE, type StackPolicy } from "../policy.ts";
import { backupsOf } from "../read/backup.ts";

export const backupRemote: StackPolicy = {
  kind: "stack",
  name: "backup-remote",
  description: "In production backups also go to another machine: a backup on the disk that died is none.",
  enforcement: NOT_ELSEWHERE,
  allowed: "a repository such as s3:https://…",
  remedy: "set backup.remote",
  check: (resources) => {
    // A backup and its drill are two objects on Kubernetes.
    const servers = new Set(backupsOf(resources).flatMap(({ server, remote }) => (remote ? [] : [server])));
    return [...servers].map((server) => `backups of "${server}": got no remote repository`);
  },
};
