import { backupRemote } from "../../../policies/data/backup-remote.js";
import { container, describePolicy } from "../../support/policies.js";

const END = "; allowed: a repository such as s3:https://…; set the remote target of the backups";
const backup = (...envs: string[]) => container({ envs }, "backup");

describePolicy(backupRemote, {
  passes: {
    "a remote repository beside a local one": [backup("RESTIC_REPOSITORY=/backups"), backup("RESTIC_REPOSITORY=s3:https://r2.example.com/b")],
    "no backup, which another policy refuses": container(),
  },
  fails: {
    "a local repository": [backup("RESTIC_REPOSITORY=/backups/s3:"), `backups: got no remote repository${END}`],
    "an address for something else": [backup("PROXY=https://example.com"), `backups: got no remote repository${END}`],
  },
});
