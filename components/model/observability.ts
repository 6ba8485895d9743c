import type { Output } from "@pulumi/pulumi";
import type { Duration } from "./units.ts";

/**
 * How soon somebody must act.
 *
 * - `critical`: now, also at night
 * - `warning`: within the working day
 * - `info`: shown, never sent
 */
export type Severity = "critical" | "warning" | "info";

/** A condition that somebody must hear of. Its runbook is the page of the same name in docs/runbooks. */
export interface AlertRule {
  /** CamelCase, unique in the stack. */
  readonly name: string;
  /** PromQL; every series that it returns is one alert. */
  readonly expr: string;
  /** Time for which it must hold. @default "0s" */
  readonly for?: Duration;
  readonly severity: Severity;
  /** One sentence for a phone's screen. */
  readonly summary: string;
  /** What was measured, with the value: a template of Prometheus over `$value` and `$labels`. */
  readonly description: string;
  /** Whether it is about the service whose target the series comes from, not about the one that declares it. @default false */
  readonly aboutTarget?: boolean;
  /** Alerts about the same service that say less; they are muted while this one fires. @default [] */
  readonly mutes?: readonly string[];
  /** Labels besides the service in which a muted alert is the same, such as the volume that both are about. @default [] */
  readonly mutesSame?: readonly string[];
  /** Whether symptoms of everything that connects to the service are muted too, because this is their cause. @default false */
  readonly mutesDependents?: boolean;
  /** Whether the outage of a service that its own connects to explains it. Only a warning is a symptom: users' errors and outages are sent whatever their cause. @default false */
  readonly symptom?: boolean;
}

/** A query whose result is stored under a name. */
export interface RecordingRule {
  /** `level:metric:operation`. */
  readonly record: string;
  readonly expr: string;
  /** @default {} */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A moment that only the engine knows, stored under a name as seconds since 1970. */
export interface Moment extends Omit<RecordingRule, "expr"> {
  /** As RFC 3339 writes it. */
  readonly at: Output<string>;
}

/** Units as Grafana names them. */
export type PanelUnit = "short" | "bytes" | "s" | "percentunit" | "reqps" | "ops" | "Bps" | "d" | "bool";

/** One graph or figure. */
export interface Panel {
  readonly title: string;
  /** @default "timeseries" */
  readonly kind?: "timeseries" | "stat";
  readonly unit: PanelUnit;
  readonly queries: readonly { readonly expr: string; readonly legend: string }[];
  /** What is good and what is not, where the title does not say it. @default - none */
  readonly description?: string;
  /** Columns of 24. @default 12 */
  readonly width?: number;
  /** Value from which on a figure is red. @default - no colour */
  readonly redAbove?: number;
  /** Value below which a figure is red. @default - no colour */
  readonly redBelow?: number;
}

export interface Dashboard {
  /** Stable: links and bookmarks hold it. */
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** Figures that only a service's own table knows. The monitoring role may read the named columns and nothing else. */
export interface SqlMetrics {
  /** Prefix of the metrics' names. */
  readonly name: string;
  readonly database: string;
  /** Table in the schema `public`. */
  readonly table: string;
  readonly columns: readonly string[];
  /** One row from that table; one column a metric. */
  readonly query: string;
  /** What each column of the row is; all are gauges. */
  readonly values: Readonly<Record<string, string>>;
}

/** Figures of a database server itself. */
export type ServerMetrics = Omit<SqlMetrics, "database" | "table" | "columns">;

/** What one service shows of itself and when somebody must look at it. */
export interface Observability {
  /** Value of the label `service`. */
  readonly service: string;
  /** PromQL of the memory that a workload uses in bytes. @default - what its process reports of itself, if it does */
  readonly memory?: { readonly workload: string; readonly used: string };
  /** @default [] */
  readonly alerts?: readonly AlertRule[];
  /** @default [] */
  readonly recordings?: readonly RecordingRule[];
  /** @default [] */
  readonly moments?: readonly Moment[];
  /** @default - none */
  readonly dashboard?: Dashboard;
  /** Panels on the stack's first page. @default [] */
  readonly overview?: readonly Panel[];
  /** What needs the exporter of the database server; left out with it. @default - none */
  readonly sql?: {
    readonly metrics: readonly SqlMetrics[];
    readonly alerts: readonly AlertRule[];
    /** Added to the service's dashboard. */
    readonly panels: readonly Panel[];
  };
}
