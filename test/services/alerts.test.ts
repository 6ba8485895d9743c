import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { has, recordedConfigMaps, recordedFiles, run, temporaryDirectory } from "../support/record/monitoring.ts";
import { APP_CASES } from "./app/alert-cases.ts";
import type { AlertCase, Firing, Series } from "./alert-case.ts";
import { BACKUP_CASES } from "./backup/alert-cases.ts";
import { CLUSTER_CASES } from "./cluster/alert-cases.ts";
import { DATA_CASES } from "./data-alert-cases.ts";
import { LOGS_CASES } from "./logs/alert-cases.ts";
import { PLATFORM_CASES } from "./platform-alert-cases.ts";
import { TRACING_CASES } from "./jaeger/alert-cases.ts";

const CASES: readonly AlertCase[] = [...APP_CASES, ...BACKUP_CASES, ...CLUSTER_CASES, ...DATA_CASES, ...LOGS_CASES, ...PLATFORM_CASES, ...TRACING_CASES];

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

const directory = temporaryDirectory();
let rules: readonly Rule[] = [];
let scrapes: readonly { readonly job_name: string; readonly static_configs?: object }[] = [];
const alerts = () => rules.filter(({ alert }) => alert !== undefined);

beforeAll(async () => {
  // Kratos with the limit that the case of MemoryNearLimit names.
  const values = { nats: { enabled: true }, tracing: { enabled: true }, logs: { enabled: true }, backup: { pointInTime: { enabled: true } } };
  const files = (await recordedFiles({ ...values, kratos: { resources: { limits: { memory: "128Mi" } } } }))("prometheus");
  const text = files.get("/etc/prometheus/rules.yml") ?? "";
  type Groups = { readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[] };
  const cluster = await recordedConfigMaps({ exporters: { kubelets: true }, app: { replicas: 2 }, kratos: { replicas: 2 } });
  scrapes = (parse(cluster.get("etc_prometheus_prometheus.yml") ?? "") as { scrape_configs: typeof scrapes }).scrape_configs;
  // What only a cluster has.
  const more = (parse(cluster.get("etc_prometheus_rules.yml") ?? "") as Groups).groups.filter(({ name }) => name === "kubernetes" || name === "kubelet");
  rules = [...(parse(text) as Groups).groups, ...more].flatMap((group) => group.rules);
  writeFileSync(join(directory, "cluster.rules.yml"), stringify({ groups: more }));
  writeFileSync(join(directory, "cluster.yml"), cluster.get("etc_prometheus_prometheus.yml") ?? "");
  writeFileSync(join(directory, "rules.yml"), text);
  writeFileSync(join(directory, "prometheus.yml"), (files.get("/etc/prometheus/prometheus.yml") ?? "").replaceAll("/etc/prometheus/", ""));
});

describe("the alerts of a stack with everything on", () => {
  it("are many and have names of their own", () => {
    const names = alerts().map(({ alert }) => alert);
    expect(names.length).toBeGreaterThan(35);
    expect(new Set(names).size).toBe(names.length);
  });

  it("each have a severity, a summary, a description with the value and a runbook", () => {
    for (const { alert, labels, annotations } of alerts()) {
      expect(labels["severity"], alert).toMatch(/^(critical|warning|info)$/);
      expect(annotations["summary"], alert).not.toBe("");
      expect(annotations["description"], alert).toMatch(/\{\{ \$value/);
      expect(annotations["runbook_url"]).toBe(`docs/runbooks/${alert ?? ""}.md`);
    }
  });

  it("each have a page that says what it means, how to look and how to fix, and no page is left over", () => {
    const names = alerts().map(({ alert }) => `${alert ?? ""}.md`);
    expect(readdirSync("docs/runbooks").sort()).toEqual(names.sort());
    for (const { alert, annotations } of alerts()) {
      const page = annotations["runbook_url"] ?? "";
      const text = readFileSync(page, "utf8");
      expect(text, page).toContain(`# ${alert ?? ""}\n`);
      for (const heading of ["## Meaning", "## Look", "## Fix"]) expect(text, page).toContain(`${heading}\n\n`);
    }
  });

  it("each have a case in which they fire and one in which they do not", () => {
    expect(CASES.map(({ alert }) => alert).sort()).toEqual(
      alerts()
        .map(({ alert }) => alert)
        .sort(),
    );
    expect(CASES.filter(({ quiet }) => quiet === "never").map(({ alert }) => alert)).toEqual(["Watchdog"]);
  });
});

it('a job whose targets come and go on a cluster has an alert for the moment when there is none, which "up == 0" cannot see', () => {
  const discovered = scrapes.filter(({ static_configs }) => static_configs === undefined).map(({ job_name }) => job_name);
  expect(discovered).toEqual(["apprun", "kratos", "kubelet", "kubelet-resource", "kubelet-cadvisor"]);
  // The kubelets' three jobs find the same nodes.
  const watched = (job: string) => alerts().filter(({ expr }) => expr.includes(`absent(up{job="${job.split("-")[0] ?? ""}"})`));
  expect(discovered.filter((job) => watched(job).length !== 1)).toEqual([]);
});

describe.skipIf(!has("promtool"))("promtool (skipped where it is not on PATH)", () => {
  it("takes the configuration and the rules", { timeout: 60_000 }, () => {
    expect(run("promtool", ["check", "config", "prometheus.yml"], directory)).toMatchObject({ code: 0 });
    // The certificate and the token of an account are in its pod only.
    expect(run("promtool", ["check", "config", "--syntax-only", "cluster.yml"], directory)).toMatchObject({ code: 0 });
    for (const file of ["rules.yml", "cluster.rules.yml"])
      expect(run("promtool", ["check", "rules", "--lint=all", "--lint-fatal", file], directory)).toMatchObject({ code: 0 });
  });

  it.each(CASES.map((test) => [test.alert, test] as const))("%s fires when it should, and only then", { timeout: 60_000 }, (_, test) => {
    const rule = alerts().find(({ alert }) => alert === test.alert);
    // The alert alone with what it reads: evaluating all rules for every minute of a day takes minutes.
    const group = { name: "case", rules: [...rules.filter(({ record }) => record !== undefined && rule!.expr.includes(record)), rule!] };
    writeFileSync(join(directory, `${test.alert}.rules.yml`), stringify({ groups: [group] }));
    writeFileSync(join(directory, `${test.alert}.yml`), stringify(promtoolTest(test, rule!)));
    const { code, output } = run("promtool", ["test", "rules", `${test.alert}.yml`], directory);
    expect(code, output).toBe(0);
  });
});

/** One promtool test a case; the alert's constant parts come from the rule, the rest from the case. */
function promtoolTest({ alert, interval = "1m", firing, alsoFiring, quiet }: AlertCase, { labels, annotations }: Rule): object {
  const test = (series: Series, at: string, expectedAlerts: readonly object[]) => ({
    interval,
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: expectedAlerts }],
  });
  const expected = (reason: Firing) => ({
    exp_labels: { ...labels, ...reason.labels },
    exp_annotations: { ...annotations, description: reason.description },
  });
  const reasons = [firing, ...(alsoFiring === undefined ? [] : [alsoFiring])];
  return {
    rule_files: [`${alert}.rules.yml`],
    evaluation_interval: interval,
    tests: [...reasons.map((reason) => test(reason.series, reason.at, [expected(reason)])), ...(quiet === "never" ? [] : [test(quiet.series, quiet.at, [])])],
  };
}
