import { describeEngine, lockOwners } from "../engine/lock.ts";
import { CliError } from "../kit/exit.ts";
import { isGone } from "../kit/process.ts";
import type { Project } from "../kit/project.ts";
import { reachable } from "../runtime/lock/hold.ts";
import { describeHolder } from "../runtime/lock/holder.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { findings, type DoctorFinding } from "./finding.ts";

const { warning } = findings("locks");

/** Who works on the stack now, and locks whose owner is gone. */
export async function lockFindings(project: Project): Promise<readonly DoctorFinding[]> {
  const holder = await (await placeOf(project))?.lock(project).read();
  return [
    ...(holder === undefined ? [] : [lockFinding(describeHolder(holder), isGone(holder))]),
    ...lockOwners(project).map((owner) => lockFinding(`the engine, ${describeEngine(owner)},`, !owner.alive)),
  ];
}

/** What runs the stack. That it is not there, or is named wrongly, is a finding of another check. */
async function placeOf(project: Project): Promise<Runtime | undefined> {
  try {
    return await reachable(project);
  } catch (error) {
    if (error instanceof CliError) return undefined;
    throw error;
  }
}

function lockFinding(owner: string, gone: boolean): DoctorFinding {
  return gone
    ? warning(`${owner} held the stack and is gone`, "npm run up, which takes the lock away")
    : warning(`${owner} holds the stack`, "wait until it is done");
}
