import { databaseBackup } from "../../../policies/data/database-backup.js";
import { container, deployment, describePolicy, job } from "../../support/policies.js";

const END = "got a database that nothing backs up; allowed: a stack with a scheduled backup; switch backups on";
const database = container({ image: "sha256:0" }, "postgres");

describePolicy(databaseBackup, {
  passes: {
    "a database and a backup": [database, container({}, "backup")],
    "a database and a scheduled job": [database, deployment({}, "postgres-backup", "batch/v1:CronJob")],
    "no database": container(),
    "a job with the database's tools": job({ image: "postgres:17-alpine" }, "provision"),
  },
  fails: {
    "a database alone": [database, `container "postgres": ${END}`],
    "a database by its image": [container({ image: "mirror.example.com/library/postgres:17" }, "db"), `container "db": ${END}`],
    "a database in a pod": [
      deployment({ container: { image: "postgres:17-alpine" } }, "store", "apps/v1:StatefulSet"),
      `StatefulSet "store", container "main": ${END}`,
    ],
  },
});
