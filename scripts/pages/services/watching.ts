import type { Service } from "../../../components/services/service.ts";
import type { Settings } from "../../../components/stack/settings.ts";
import { EXAMPLES, type Alert, type TargetFacts } from "./facts.ts";
import { onTargets, suffix } from "./merged.ts";

type Own = Service<Settings>;

/** What is read by no target of another service is found by Prometheus itself. */
const REST = "prometheus";

const scrapesOf = ({ name }: Own, { scrapes, ownerOf }: TargetFacts) =>
  scrapes.filter(({ workload }) => ownerOf(workload) === name && !EXAMPLES.includes(workload));

/** The groups of alerts that are about a service. */
function groupsOf(service: Own, facts: TargetFacts): readonly string[] {
  const of = (name: string) => facts.scrapes.filter(({ workload }) => facts.ownerOf(workload) === name);
  if (service.name !== REST) return [...new Set([service.name, ...of(service.name).map(({ group }) => group)])];
  const others = facts.scrapes.filter(({ workload }) => ![REST, undefined].includes(facts.ownerOf(workload)));
  return Object.keys(facts.alerts).filter((group) => !others.some((other) => other.group === group));
}

/** Alerts of a service on one target. */
export function alertsOf(service: Own, facts: TargetFacts): readonly Alert[] {
  return groupsOf(service, facts).flatMap((group) => facts.alerts[group] ?? []);
}

/** Dashboards that are named after the service or its alerts; Grafana's page has all. */
function dashboardsOf(service: Own, facts: TargetFacts): readonly string[] {
  if (service.name === "grafana") return Object.values(facts.dashboards);
  const names = [service.name, ...groupsOf(service, facts)];
  return names.flatMap((name) => facts.dashboards[`apprun-${name}`] ?? []);
}

/** Metrics, dashboards and alerts, each alert with its runbook. */
export async function watching(service: Own): Promise<readonly string[]> {
  const scrapes = await onTargets((facts) =>
    scrapesOf(service, facts).map(({ workload, path }) => ({ workload, path })),
  );
  const dashboards = await onTargets((facts) => [...new Set(dashboardsOf(service, facts))]);
  const alerts = await onTargets((facts) => alertsOf(service, facts));
  if (scrapes.length + dashboards.length + alerts.length === 0) return [];
  return [
    "## Metrics and alerts",
    "",
    ...scrapes.map(({ fact, only }) => `- Prometheus reads \`${fact.path}\` of \`${fact.workload}\`${suffix(only)}.`),
    ...dashboards.map(({ fact, only }) => `- In Grafana: ${fact}${suffix(only)}.`),
    "",
    ...alerts.map(
      ({ fact: { name, severity, summary }, only }) =>
        `- [${name}](../runbooks/${name}.md), ${severity}${suffix(only)}: ${summary}`,
    ),
    "",
  ];
}
