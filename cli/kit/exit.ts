import { phrase, type Complaint } from "../../components/model/problem.ts";

/**
 * The exit codes of every command; `main.ts` alone sets them. An error of the
 * model or of the settings (`ModelError`) ends with `usage`; one that is not
 * meant for the operator, and so comes with its stack, with `failed`.
 */
export const EXIT = { ok: 0, failed: 1, usage: 2, noEngine: 3 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each means, as `--help` prints it. */
export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: "done",
  failed: "the command ran and failed, or found what must be fixed",
  usage: "the call or the settings are wrong; nothing was touched",
  noEngine: "nothing was deployed: the engine, Docker or the cluster is missing",
};

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

/** The end of a command that ran something for the operator, which has spoken for itself: its exit code is the command's. */
export class Ended extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`ended with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** What an error for the operator says without its advice; of any other error what `reasonOf` says. */
export function happenedIn(error: unknown): string {
  return error instanceof CliError && "happened" in error.complaint ? error.complaint.happened : reasonOf(error);
}

/** What an error says, whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
