import { stringify } from "yaml";
import type { AlertRule, Observability, RecordingRule } from "../../model/observability.ts";

export interface RulesArgs {
  readonly observabilities: readonly Observability[];
  /** Recording rules of the stack as a whole. */
  readonly recordings: readonly RecordingRule[];
  /** Directory or URL of the runbooks, without a slash at its end. */
  readonly runbooks: string;
}

/** The rule file: one group a service, its recording rules first, because its alerts read them. */
export function rulesFile({ observabilities, recordings, runbooks }: RulesArgs): string {
  const groups = observabilities.map(({ service, recordings: own = [], alerts = [] }) => ({
    name: service,
    rules: [...own.map(recording), ...alerts.map((alert) => alerting(alert, service, runbooks))],
  }));
  return stringify(
    {
      groups: [{ name: "stack", rules: recordings.map(recording) }, ...groups].filter(({ rules }) => rules.length > 0),
    },
    { lineWidth: 0 },
  );
}

function recording({ record, expr, labels }: RecordingRule): object {
  return { record, expr, ...(labels && { labels }) };
}

function alerting(
  { name, expr, for: duration, severity, summary, description, aboutTarget = false }: AlertRule,
  service: string,
  runbooks: string,
): object {
  return {
    alert: name,
    expr,
    ...(duration && { for: duration }),
    labels: { severity, ...(!aboutTarget && { service }) },
    annotations: { summary, description, runbook_url: runbookUrl(runbooks, name) },
  };
}

/** The page of an alert. */
export function runbookUrl(runbooks: string, alert: string): string {
  return `${runbooks}/${alert}.md`;
}
