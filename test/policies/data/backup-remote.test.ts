import { backupRemote } from "../../../policies/data/backup-remote.ts";
import { container, deployment, describePolicy, resource } from "../describe-policy.ts";

const END = "; allowed: a repository such as s3:https://…; set backup.remote";
const backup = (...envs: string[]) =>
  container({ envs: ["BACKUP_DATABASES=apprun kratos", "PGHOST=postgres", ...envs] }, "backup");
const scheduled = resource("kubernetes:postgresql.cnpg.io/v1:ScheduledBackup", "postgres", {
  spec: { cluster: { name: "postgres" } },
});
const store = (destinationPath: string, type = "barmancloud.cnpg.io/v1:ObjectStore") =>
  resource(`kubernetes:${type}`, "postgres", { spec: { configuration: { destinationPath } } });
const none = (server: string) => `backups of "${server}": got no remote repository${END}`;
const NONE = none("postgres");

describePolicy(backupRemote, {
  passes: {
    "a remote repository beside the local one": backup(
      "BACKUP_LOCAL_DAYS=7",
      "BACKUP_REMOTE=s3:https://r2.example.com/b/apprun/prod",
    ),
    "a remote repository of a scheduled job": deployment(
      {
        container: {
          env: [
            { name: "BACKUP_DATABASES", value: "apprun" },
            { name: "BACKUP_REMOTE", value: "sftp:backup@example.com:/b" },
          ],
        },
      },
      "backup",
      "batch/v1:CronJob",
    ),
    "the operator's backups in S3": [scheduled, store("s3://backups/prod")],
    "no backup, which another policy refuses": container(),
    "a container that only has the word in its name": container({ envs: ["BACKUP_DATABASES="] }, "backup-metrics"),
  },
  fails: {
    "no second repository": [backup("BACKUP_REMOTE="), NONE],
    "a local path that looks alike": [backup("BACKUP_REMOTE=/backups/s3:"), NONE],
    "an address for something else": [backup("PROXY=https://example.com"), NONE],
    "the operator's backups without a store": [
      [scheduled, store("s3://backups/prod", "example.com/v1:ObjectStore")],
      none("postgres-rw"),
    ],
    "the operator's backups on a disk": [[scheduled, store("file:///backups")], none("postgres-rw")],
  },
});
