import { mebibytes } from "../../model/units.ts";
import type { Resources } from "../../model/workload.ts";

/** The part of the memory limit above which Go collects its garbage more often. */
const SHARE = 0.9;

/** Tells a program written in Go how much memory it has, which it does not ask its container for. */
export function goMemory({ limits }: Resources): { readonly GOMEMLIMIT: string } {
  return { GOMEMLIMIT: `${Math.floor(mebibytes(limits.memory) * SHARE)}MiB` };
}
