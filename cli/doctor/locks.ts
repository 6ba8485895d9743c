import { lockOwners } from "../engine/lock.ts";
import type { Project } from "../kit/project.ts";
import { findings, type DoctorFinding } from "./finding.ts";

const { warning } = findings("locks");

/** Locks of the local state: whose owner is gone, and who holds one now. */
export function lockFindings(project: Project): readonly DoctorFinding[] {
  return lockOwners(project).map(({ pid, hostname, alive }) =>
    alive
      ? warning(`process ${pid} on ${hostname} holds the lock of the state`, "wait until it is done")
      : warning(`process ${pid}, which holds the lock of the state, is gone`, "npm run up, which takes the lock away"),
  );
}
