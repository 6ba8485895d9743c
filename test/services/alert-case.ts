/** Series by selector, with values in promtool's notation: one value an interval. */
export type Series = Readonly<Record<string, string>>;

/** What must make one alert fire, and what must not. */
export interface AlertCase {
  readonly alert: string;
  /** Time between two values and between two evaluations. @default "1m" */
  readonly interval?: string;
  readonly firing: {
    readonly series: Series;
    /** When it must fire. */
    readonly at: string;
    /** Labels beside alertname, severity and the service that declares it. @default {} */
    readonly labels?: Readonly<Record<string, string>>;
    /** The whole text, with the value in it. */
    readonly description: string;
  };
  /** The same without reason, or not for long enough. `"never"` for the one alert that always fires. */
  readonly quiet: { readonly series: Series; readonly at: string } | "never";
}
