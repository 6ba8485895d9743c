import { verdict, type Failure, type Problem } from "../../components/model/problem.ts";

/** Whether a stack can go on as it is: an `error` needs an operator, a `warning` will. */
export type Severity = "error" | "warning";

/** One thing that is not as it should be. */
export interface DoctorFinding {
  readonly check: string;
  readonly severity: Severity;
  /** What was found, and what it should be. */
  readonly message: string;
  /** What to do, as a sentence or a command. */
  readonly remedy: string;
}

/** A function that makes findings of one check. */
export function findings(check: string) {
  const of =
    (severity: Severity) =>
    (message: string, remedy: string): DoctorFinding => ({ check, severity, message, remedy });
  const error = of("error");
  return {
    error,
    warning: of("warning"),
    problem: (problem: Problem | Failure) => error(verdict(problem), problem.fix),
  };
}
