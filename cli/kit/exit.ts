import { phrase, type Complaint } from "../../components/model/problem.ts";

/**
 * What the exit code of every command means; `main.ts` alone sets it. An error
 * of the model or of the settings (`ModelError`) ends with `usage`, any error that is
 * not meant for the operator, and so has a stack, with `failed`.
 */
export const EXIT = {
  ok: 0,
  /** The command ran and failed, or found what must be fixed. */
  failed: 1,
  /** The call or the settings are wrong; nothing was touched. */
  usage: 2,
  /** Nothing was deployed, because the engine, Docker or the cluster is missing. */
  noEngine: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error for the operator, with the exit code that it ends the command with. */
export class CliError extends Error {
  readonly complaint: Complaint;
  readonly exitCode: ExitCode;

  /** `cause` is the error behind it, where there is one. */
  constructor(complaint: Complaint, exitCode: ExitCode = EXIT.failed, options?: { readonly cause: unknown }) {
    super(phrase(complaint), options);
    this.complaint = complaint;
    this.exitCode = exitCode;
  }
}

/** What an error says, whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
