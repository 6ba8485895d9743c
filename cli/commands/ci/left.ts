import { resolve } from "node:path";
import { leftBy } from "../../ci/left.ts";
import { openKnownStack } from "../../engine/open.ts";
import { stateOf } from "../../engine/state.ts";
import { print } from "../../kit/output.ts";

export interface CiLeftOptions {
  readonly stack: string;
  readonly cwd: string;
}

/** Says what a run that was cut off left, by the state: it takes no lock, so it answers under the lock that was left. */
export async function ciLeft({ stack, cwd }: CiLeftOptions): Promise<void> {
  const exported = await (await openKnownStack(resolve(cwd), stack)).exportStack();
  print(leftBy(stack, stateOf(exported)));
}
