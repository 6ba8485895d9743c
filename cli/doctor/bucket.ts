import { bucketOf, copiesIn } from "../backup/bucket/after-up.ts";
import type { Bucket } from "../backup/bucket/bucket.ts";
import { readStack } from "../engine/read-stack.ts";
import { reasonOf } from "../kit/exit.ts";
import type { Project } from "../kit/project.ts";
import { findings, type DoctorFinding } from "./finding.ts";

const { warning } = findings("backups");

/** The bucket of the remote repository: whether a bare host finds the state there, and what is deleted comes back. */
export async function bucketFindings(
  project: Project,
  open: (project: Project) => Promise<Bucket> = async (known) => bucketOf(known, await readStack(known)),
): Promise<readonly DoctorFinding[]> {
  const { enabled, remote } = project.settings.backup;
  if (!enabled || remote === undefined) return [];
  try {
    const bucket = await open(project);
    return [
      ...(remote.state && (await copiesIn(bucket, project).list()).length === 0
        ? [
            warning(
              `bucket ${remote.bucket} has no copy of the engine's state, which a bare host needs`,
              "npm run up, which puts it there",
            ),
          ]
        : []),
      ...((await bucket.keepsOldVersions())
        ? []
        : [
            warning(
              `bucket ${remote.bucket} keeps no old versions: what its key deletes is gone, by mistake or by somebody who took it`,
              "switch on versioning or object lock where the service has them; R2 has bucket locks, which cannot be asked for: set one for as many days as backup.remote.days",
            ),
          ]),
    ];
  } catch (error) {
    return [warning(`the bucket of backup.remote cannot be looked at: ${reasonOf(error)}`, "see its message")];
  }
}
