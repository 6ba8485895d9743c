import { databasesProtected } from "../../../policies/data/databases-protected.ts";
import { describePolicy, resource } from "../describe-policy.ts";

const database = (protect: boolean) =>
  resource("postgresql:index/database:Database", "postgres-database-apprun", { name: "apprun" }, protect);

describePolicy(databasesProtected, {
  passes: {
    "a protected database": [database(true)],
    "a role, which owns it": [
      resource("postgresql:index/role:Role", "postgres-role-apprun", { name: "apprun" }, false),
    ],
  },
  fails: {
    "one that is not": [
      [database(true), database(false)],
      'database "postgres-database-apprun": got one that is not protected; allowed: protected databases; leave volumes.protect on',
    ],
  },
});
