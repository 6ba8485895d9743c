import { POLICIES } from "../../policies/all.ts";
import type { Finding } from "../../policies/evaluate.ts";
import { findings, type DoctorFinding } from "./finding.ts";

/** A mandatory finding of a policy, with its remedy apart. */
export function policyFinding({ policy, message }: Finding): DoctorFinding {
  const remedy = POLICIES.find(({ name }) => name === policy)?.remedy ?? "";
  return findings("policies").error(`${policy}: ${message.slice(0, -`; ${remedy}`.length)}`, remedy);
}
