import { phrase, type Failure, type Problem } from "../../model/problem.ts";

/** SQL that says what is wrong; `values` are expressions for the placeholders of SQL's format. */
export function complaintSql(complaint: Problem | Failure, ...values: readonly string[]): string {
  const literal = `'${phrase(complaint).replaceAll("'", "''")}'`;
  return values.length === 0 ? literal : `format(${[literal, ...values].join(", ")})`;
}
