/** Series by selector, with values in promtool's notation: one value an interval. */
export type Series = Readonly<Record<string, string>>;

/** A reason for an alert, and what it then says. */
export interface Firing {
  readonly series: Series;
  /** When it must fire. */
  readonly at: string;
  /** Labels beside alertname, severity and the service that declares it. @default {} */
  readonly labels?: Readonly<Record<string, string>>;
  /** The whole text, with the value in it. */
  readonly description: string;
}

/** What must make one alert fire, and what must not. */
export interface AlertCase {
  readonly alert: string;
  /** Time between two values and between two evaluations. @default "1m" */
  readonly interval?: string;
  readonly firing: Firing;
  /** Another reason for which it must fire. @default - there is one only */
  readonly alsoFiring?: Firing;
  /** The same without reason, or not for long enough. `"never"` for the one alert that always fires. */
  readonly quiet: { readonly series: Series; readonly at: string } | "never";
}

/** The labels of a target's series. */
export function labelsOf(job: string, instance: string, service = job): Readonly<Record<string, string>> {
  return { job, instance, service };
}

/** One series by its metric and its labels. */
export function series(metric: string, labels: Readonly<Record<string, string>>, values: string): Series {
  const selector = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return { [`${metric}{${selector.join(",")}}`]: values };
}

/** The case of an alert about a target that does not answer, or that is there no more. */
export function downCase(alert: string, job: string, instance: string, service = job): AlertCase {
  const up = (values: string) => series("up", labelsOf(job, instance, service), values);
  const description = (who: string) => `${who} has not answered Prometheus for a minute (up is 0).`;
  return {
    alert,
    firing: { series: up("1x3 0x5"), at: "6m", labels: { job, instance }, description: description(instance) },
    alsoFiring: {
      series: up("1x3 stale"),
      at: "6m",
      labels: { job },
      description: description(`No replica of ${job}`),
    },
    quiet: { series: up("1x3 0 1x5"), at: "4m" },
  };
}
