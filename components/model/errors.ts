import { RunError } from "@pulumi/pulumi";

/** What a message to the operator must say. */
export interface Problem {
  /** What is wrong and where, with the value that was given. */
  readonly got: string;
  /** What is allowed. */
  readonly allowed: string;
  /** What to do about it. */
  readonly fix: string;
}

/** One line: what was given, what is allowed, what to do. */
export function phrase({ got, allowed, fix }: Problem): string {
  return `${got}; ${allowed}; ${fix}`;
}

/**
 * An error meant for the operator. It is a `RunError`, because the language
 * host prints any other class with a stack that buries the message; and where
 * the error ends a registration, the SDK prints the stack of this one too.
 */
export class ModelError extends RunError {
  constructor(problem: Problem | string) {
    super(typeof problem === "string" ? problem : phrase(problem));
    this.stack = this.message;
  }
}
