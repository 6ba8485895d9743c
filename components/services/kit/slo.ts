import type { AlertRule, RecordingRule } from "../../model/observability.ts";

/** An objective: which part of the requests may be bad. */
export interface Slo {
  /** Name in the series: `<service>:<name>:ratio_rate5m`. */
  readonly name: string;
  readonly service: string;
  /** What a bad request is, for people. */
  readonly bad: string;
  /** Part of requests that must be good, above 0 and below 1. */
  readonly objective: number;
  /** PromQL of the part of bad requests over a window such as `5m`. */
  readonly ratio: (window: string) => string;
}

/** A window pair: the long one says that it matters, the short one that it goes on. */
interface Burn {
  readonly long: string;
  readonly short: string;
  /** How many times faster than allowed the budget of 30 days is used. */
  readonly factor: number;
}

/** Windows and factors of the SRE workbook, chapter 5, table 5-8: 2 % of the budget in 1 h, 5 % in 6 h; 10 % in 1 d and in 3 d. */
const FAST: readonly Burn[] = [
  { long: "1h", short: "5m", factor: 14.4 },
  { long: "6h", short: "30m", factor: 6 },
];
const SLOW: readonly Burn[] = [
  { long: "1d", short: "2h", factor: 3 },
  { long: "3d", short: "6h", factor: 1 },
];

/**
 * The part of bad requests from which on an alert fires, whatever the objective.
 * An objective of 90 % allows 10 % of bad requests, of which 14.4 times as many
 * are more than there can be: the alert would stay quiet when every request fails.
 * Below 1, because answers to health checks go on in an outage.
 */
const MOST = 0.9;

const series = ({ service, name }: Slo, window: string) => `${service}:${name}:ratio_rate${window}`;

/** The part of bad requests over each window that an alert looks at. */
export function sloRecordings(slo: Slo): readonly RecordingRule[] {
  const windows = new Set([...FAST, ...SLOW].flatMap(({ short, long }) => [short, long]));
  return [...windows].map((window) => ({ record: series(slo, window), expr: slo.ratio(window) }));
}

/** Two alerts: the budget goes so fast that somebody must get up, or so that it will not last. */
export function sloAlerts(slo: Slo, names: { readonly fast: string; readonly slow: string }): readonly AlertRule[] {
  const target = `${round(slo.objective * 100)} %`;
  const alert = (name: string, burns: readonly Burn[]): Pick<AlertRule, "name" | "expr" | "description"> => ({
    name,
    expr: burns.map((burn) => burning(slo, burn)).join("\nor\n"),
    description: `{{ $value | humanizePercentage }} of requests over the last ${burns[0]?.long ?? ""} or longer were ${slo.bad}; the objective is ${target} good.`,
  });
  return [
    {
      ...alert(names.fast, FAST),
      severity: "critical",
      summary: `${slo.service} uses up its error budget within days: ${slo.bad}`,
      mutes: [names.slow],
    },
    {
      ...alert(names.slow, SLOW),
      severity: "warning",
      summary: `${slo.service} will not meet its objective this month: ${slo.bad}`,
    },
  ];
}

function burning(slo: Slo, { long, short, factor }: Burn): string {
  const limit = round(Math.min(factor * (1 - slo.objective), MOST));
  return `(${series(slo, long)} > ${limit} and ${series(slo, short)} > ${limit})`;
}

/** Without the tail that binary fractions leave, such as in 1 - 0.999. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
