import { all, type Output } from "@pulumi/pulumi";
import type { Observability } from "../../model/observability.ts";

/** The same with every moment as a rule that stores it, or nothing where there is none. */
export function withMoments(observabilities: readonly Observability[]): Output<readonly Observability[]> | undefined {
  const moments = observabilities.flatMap(({ moments: own = [] }) => own.map(({ at }) => at));
  if (moments.length === 0) return undefined;
  return all(moments).apply((resolved) => {
    const left = [...resolved];
    return observabilities.map(({ moments: own = [], recordings = [], ...rest }) => ({
      ...rest,
      recordings: [
        ...recordings,
        ...own.map(({ at: _, ...rule }) => ({ ...rule, expr: `vector(${Date.parse(left.shift() ?? "") / 1000})` })),
      ],
    }));
  });
}
