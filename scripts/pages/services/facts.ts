import { parse } from "yaml";
import type { Recording } from "../../../cli/kit/record.ts";
import type { InventoryVolume, InventoryWorkload } from "../../../components/model/inventory.ts";
import type { DatabaseRequest } from "../../../components/services/postgres/roles.ts";
import { SERVICES } from "../../../components/services/catalogue.ts";
import type { Service } from "../../../components/services/service.ts";
import type { Settings } from "../../../components/stack/settings.ts";
import type { Stack } from "../../../components/stack/stack.ts";
import { everything, recordEverything, SHARED, TARGETS, type Target } from "../../../test/everything.ts";
import { configMapsOf, filesOf } from "../../../test/support/record/monitoring.ts";

/** An alert as the rules of Prometheus have it. */
export interface Alert {
  readonly name: string;
  readonly severity: string;
  readonly summary: string;
}

/** Where Prometheus reads. */
interface Scrape {
  readonly workload: string;
  readonly path: string;
  /** The alerts' group. */
  readonly group: string;
}

/** One target of the stack with everything on, by what belongs to which service. */
export interface TargetFacts {
  readonly target: Target;
  readonly settings: Settings;
  readonly workloads: readonly InventoryWorkload[];
  readonly volumes: readonly InventoryVolume[];
  readonly credentials: readonly string[];
  readonly scrapes: readonly Scrape[];
  readonly alerts: Readonly<Record<string, readonly Alert[]>>;
  /** Titles of dashboards, by uid. */
  readonly dashboards: Readonly<Record<string, string>>;
  /** The service that a workload belongs to. */
  readonly ownerOf: (workload: string) => string | undefined;
}

/** Every service, with the settings that a stack can have. */
export const ALL: readonly Service<Settings>[] = SERVICES;
/** The names of the services that the stack with everything on adds are an example's. */
export const EXAMPLES: readonly string[] = Object.keys(SHARED.services);

let gathered: Promise<readonly TargetFacts[]> | undefined;

/** Both targets; recorded once for all pages. */
export function allFacts(): Promise<readonly TargetFacts[]> {
  gathered ??= record();
  return gathered;
}

/** One after the other: a recording has the process's Pulumi runtime to itself. */
async function record(): Promise<readonly TargetFacts[]> {
  const all: TargetFacts[] = [];
  for (const target of TARGETS) all.push(await factsOf(target));
  return all;
}

async function factsOf(target: Target): Promise<TargetFacts> {
  const settings = everything(target);
  const recording = await recordEverything(target);
  const { inventory, credentials } = recording.result;
  const file = filesIn(recording, target);
  return {
    target,
    settings,
    workloads: inventory.workloads,
    volumes: inventory.volumes,
    credentials: Object.keys(credentials),
    scrapes: scrapesOf(file("prometheus", "/etc/prometheus/prometheus.yml")),
    alerts: alertsOf(file("prometheus", "/etc/prometheus/rules.yml")),
    dashboards: dashboardsOf(recording, target),
    ownerOf: ownersOf(settings),
  };
}

/** A job belongs to the service of the workload that its name begins with. */
function ownersOf(settings: Settings): TargetFacts["ownerOf"] {
  const sized = ALL.flatMap((service) =>
    service.sizes(settings).map(({ workload }) => ({ workload, service: service.name })),
  ).sort((a, b) => b.workload.length - a.workload.length);
  return (name) => sized.find(({ workload }) => name === workload || name.startsWith(`${workload}-`))?.service;
}

function filesIn(recording: Recording<Stack>, target: Target): (container: string, path: string) => string {
  return (container, path) =>
    (target === "docker"
      ? filesOf(recording, container).get(path)
      : configMapsOf(recording).get(path.slice(1).replaceAll("/", "_"))) ?? "";
}

interface PrometheusConfig {
  readonly scrape_configs: readonly {
    readonly job_name: string;
    readonly metrics_path: string;
    readonly relabel_configs?: readonly { readonly target_label: string; readonly replacement?: string }[];
  }[];
}

function scrapesOf(text: string): readonly Scrape[] {
  const { scrape_configs: all } = parse(text) as PrometheusConfig;
  return all.map(({ job_name: workload, metrics_path: path, relabel_configs: labels = [] }) => ({
    workload,
    path,
    group: labels.find(({ target_label: label }) => label === "service")?.replacement ?? workload,
  }));
}

interface Rules {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly {
      readonly alert?: string;
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
    }[];
  }[];
}

function alertsOf(text: string): Readonly<Record<string, readonly Alert[]>> {
  const { groups } = parse(text) as Rules;
  return Object.fromEntries(
    groups.map(({ name, rules }) => [
      name,
      rules.flatMap(({ alert, labels, annotations }) =>
        alert === undefined
          ? []
          : [{ name: alert, severity: labels?.["severity"] ?? "", summary: annotations?.["summary"] ?? "" }],
      ),
    ]),
  );
}

function dashboardsOf(recording: Recording<Stack>, target: Target): Readonly<Record<string, string>> {
  const files = target === "docker" ? filesOf(recording, "grafana") : configMapsOf(recording);
  return Object.fromEntries(
    [...files]
      .filter(([path]) => /dashboards[/_][a-z-]+\.json$/.test(path))
      .map(([, text]) => JSON.parse(text) as { readonly uid: string; readonly title: string })
      .map(({ uid, title }) => [uid, title]),
  );
}

/** Databases that a service owns; those of the examples' names are not there. */
export function databasesOf(service: Service<Settings>, { settings }: TargetFacts): readonly DatabaseRequest[] {
  return (service.roles?.(settings) ?? []).filter(({ role }) => !EXAMPLES.includes(role));
}
