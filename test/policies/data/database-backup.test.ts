import { databaseBackup } from "../../../policies/data/database-backup.ts";
import { container, deployment, describePolicy, job, resource } from "../describe-policy.ts";

const END =
  "got a database that nothing backs up; allowed: servers that a scheduled backup saves; set backup.enabled, or with postgres.mode operator postgres.operator.backup";
const database = container({ image: "sha256:0" }, "postgres");
const backup = (server: string, databases = "apprun kratos") =>
  container({ image: "postgres:17-alpine", envs: [`BACKUP_DATABASES=${databases}`, `PGHOST=${server}`] }, "backup");
const cronJob = deployment(
  {
    container: {
      image: "postgres:17-alpine",
      env: [
        { name: "BACKUP_DATABASES", value: "apprun" },
        { name: "PGHOST", value: "postgres" },
      ],
    },
  },
  "backup",
  "batch/v1:CronJob",
);
const cluster = resource("kubernetes:postgresql.cnpg.io/v1:Cluster", "database", {
  metadata: { name: "postgres" },
  spec: { instances: 3 },
});
const scheduled = (name: string) =>
  resource("kubernetes:postgresql.cnpg.io/v1:ScheduledBackup", "postgres", { spec: { cluster: { name } } });

describePolicy(databaseBackup, {
  passes: {
    "a database and its backup, which runs in the database's image": [database, backup("postgres")],
    "a database and a scheduled job": [database, cronJob],
    "an operator's cluster and its backup": [cluster, scheduled("postgres")],
    "an operator's cluster and the stack's own backup, which asks its primary": [cluster, backup("postgres-rw")],
    "a backup of a server elsewhere": backup("db.example.com"),
    "no database": container(),
    "an exporter": container({ image: "quay.io/prometheuscommunity/postgres-exporter:v0.18.1" }, "postgres-exporter"),
    "a job with the database's tools": job({ image: "postgres:17-alpine" }, "provision"),
  },
  fails: {
    "a database alone": [database, `container "postgres": ${END}`],
    "a database by its image": [
      container({ image: "mirror.example.com/library/postgres:17" }, "db"),
      `container "db": ${END}`,
    ],
    "a database in a pod": [
      deployment({ container: { image: "postgres:17-alpine" } }, "store", "apps/v1:StatefulSet"),
      `StatefulSet "store", container "main": ${END}`,
    ],
    "a backup of another server": [[database, backup("db.example.com")], `container "postgres": ${END}`],
    "a backup of no database, which is a database by its image": [[backup("backup", "")], `container "backup": ${END}`],
    "services that only have the word in their name": [
      [database, container({}, "backup-metrics"), job({}, "backup-tools")],
      `container "postgres": ${END}`,
    ],
    "an operator's cluster": [cluster, `Cluster "database": ${END}`],
    "an operator's cluster and the backup of another": [[cluster, scheduled("other")], `Cluster "database": ${END}`],
    "a cluster of another operator's backup": [
      [database, resource("kubernetes:velero.io/v1:ScheduledBackup", "x", { spec: { cluster: { name: "postgres" } } })],
      `container "postgres": ${END}`,
    ],
  },
});
