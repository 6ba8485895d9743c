import { describeEngine, lockOwners } from "../engine/lock.ts";
import { isGone } from "../kit/process.ts";
import type { Project } from "../kit/project.ts";
import { reachable } from "../runtime/lock/hold.ts";
import { describeHolder } from "../runtime/lock/holder.ts";
import { findings, type DoctorFinding } from "./finding.ts";

const { warning } = findings("locks");

/** Who works on the stack now, and locks whose owner is gone. */
export async function lockFindings(project: Project): Promise<readonly DoctorFinding[]> {
  const holder = await (await reachable(project))?.lock(project).read();
  return [
    ...(holder === undefined ? [] : [lockFinding(describeHolder(holder), isGone(holder))]),
    ...lockOwners(project).map((owner) => lockFinding(`the engine, ${describeEngine(owner)},`, !owner.alive)),
  ];
}

function lockFinding(owner: string, gone: boolean): DoctorFinding {
  return gone
    ? warning(`${owner} held the stack and is gone`, "npm run up, which takes the lock away")
    : warning(`${owner} holds the stack`, "wait until it is done");
}
