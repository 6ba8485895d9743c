/** Something that was given and is not allowed. */
export interface Problem {
  /** What is wrong and where, with the value that was given. */
  readonly got: string;
  /** What is allowed. */
  readonly allowed: string;
  /** What to do about it. */
  readonly fix: string;
}

/** Something that went wrong although nothing that was given is refused: an engine that does not answer, a job that ends with 1. */
export interface Failure {
  /** What happened, and where. */
  readonly happened: string;
  /** What to do about it. */
  readonly fix: string;
  /** What the one that failed says itself; shown below. `@default -` nothing */
  readonly output?: string;
}

/** Several of them at once: an operator fixes all before the next try. */
export interface ProblemList {
  /** What they have in common, as a heading. */
  readonly heading: string;
  readonly problems: readonly (Problem | Failure)[];
}

/** Everything that an error can tell the operator. */
export type Complaint = Problem | Failure | ProblemList;

/** What every error says: what was given or happened, what is allowed, what to do. One line for each problem. */
export function phrase(complaint: Complaint): string {
  if ("problems" in complaint)
    return [`${complaint.heading}:`, ...complaint.problems.map((problem) => `  ${phrase(problem)}`)].join("\n");
  const line = `${verdict(complaint)}; ${complaint.fix}`;
  return "output" in complaint ? `${line}\n${complaint.output}` : line;
}

/** The same without what to do, for a table that shows the remedy apart. */
export function verdict(problem: Problem | Failure): string {
  return "got" in problem ? `${problem.got}; allowed: ${problem.allowed}` : problem.happened;
}
