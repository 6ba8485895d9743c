import { expect } from "vitest";
import type { DoctorFinding } from "../../../cli/doctor/finding.ts";

/** Something that is wrong with a stack, planted by a test. */
export interface Fault {
  /** Plants it; or settings and environment that have it. */
  readonly plant?: () => Promise<unknown>;
  readonly undo?: () => Promise<unknown>;
  readonly settings?: Record<string, unknown>;
  readonly env?: NodeJS.ProcessEnv;
  /** Answers of the engine that are changed. */
  readonly answers?: Record<string, Record<string, unknown>>;
  /** Every finding: severity, check and message. Whatever else is found fails the test. */
  readonly finds: readonly (string | RegExp)[];
}

export type Faults = Readonly<Record<string, Fault>>;

/** Plants a fault, looks once, and takes it back. */
export async function expectFound(
  { plant, undo, settings, env, finds }: Fault,
  doctor: (
    settings?: Record<string, unknown>,
    env?: NodeJS.ProcessEnv,
  ) => Promise<{ code: number; findings: readonly DoctorFinding[] }>,
): Promise<void> {
  try {
    await plant?.();
    const { code, findings } = await doctor(settings, env);
    expectFindings(findings, finds);
    expect(code).toBe(findings.some(({ severity }) => severity === "error") ? 1 : 0);
  } finally {
    await undo?.();
  }
}

/** Exactly these findings, in any order, each with a remedy. */
function expectFindings(findings: readonly DoctorFinding[], finds: Fault["finds"]): void {
  const lines = findings.map(({ severity, check, message }) => `${severity} ${check}: ${message}`);
  for (const expected of finds)
    expect(lines).toContainEqual(typeof expected === "string" ? expected : expect.stringMatching(expected));
  expect(lines).toHaveLength(finds.length);
  for (const { remedy } of findings) expect(remedy.length).toBeGreaterThan(2);
}
