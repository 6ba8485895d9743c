import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { recordEverything } from "../everything.ts";
import { readable } from "../support/record/content.ts";
import { configMapsOf, filesOf, recordedConfigMaps } from "../support/record/monitoring.ts";
import { run, temporaryDirectory, without } from "../support/run/tools.ts";
import type { AlertCase, Firing, Series } from "./alert-case.ts";

/** The cases of every folder, which mirrors the folder that declares the alerts. */
const CASES_OF = new Map<string, readonly AlertCase[]>();
for (const path of readdirSync("test", { recursive: true, encoding: "utf8" }).sort())
  if (basename(path) === "alert-cases.ts")
    CASES_OF.set(
      dirname(path),
      ((await import(join(process.cwd(), "test", path))) as { readonly CASES: readonly AlertCase[] }).CASES,
    );
const CASES = [...CASES_OF.values()].flat();

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}
interface Group {
  readonly name: string;
  readonly rules: readonly Rule[];
}

const directory = temporaryDirectory();
let groups: readonly Group[] = [];
let clusterRules: readonly Rule[] = [];
const rules = () => groups.flatMap((group) => group.rules);
const alerts = () => rules().filter(({ alert }) => alert !== undefined);

beforeAll(async () => {
  const groupsOf = (text = "") => (parse(text) as { readonly groups: readonly Group[] }).groups;
  const docker = filesOf(await recordEverything("docker"), "prometheus");
  const cluster = configMapsOf(await recordEverything("kubernetes"));
  const [ofDocker, ofCluster] = [
    groupsOf(docker.get("/etc/prometheus/rules.yml")),
    groupsOf(cluster.get("etc_prometheus_rules.yml")),
  ];
  const more = ofCluster.filter(({ name }) => !ofDocker.some((group) => group.name === name));
  groups = [...ofDocker, ...more];
  clusterRules = ofCluster.flatMap((group) => group.rules);
  writeFileSync(join(directory, "cluster.rules.yml"), stringify({ groups: more }));
  writeFileSync(join(directory, "cluster.yml"), cluster.get("etc_prometheus_prometheus.yml") ?? "");
  writeFileSync(join(directory, "rules.yml"), docker.get("/etc/prometheus/rules.yml") ?? "");
  writeFileSync(
    join(directory, "prometheus.yml"),
    (docker.get("/etc/prometheus/prometheus.yml") ?? "").replaceAll("/etc/prometheus/", ""),
  );
});

describe("the alerts of a stack with everything on", () => {
  it("are exactly these, with these conditions", async () => {
    for (const { name, rules: own } of groups)
      await expect.soft(readable(own), name).toMatchFileSnapshot(`../stack/golden/alerts/${name}.yaml`);
    expect(
      readdirSync("test/stack/golden/alerts").filter((file) => !groups.some(({ name }) => file === `${name}.yaml`)),
    ).toEqual([]);
  });

  it("are the same on each target that has them", () => {
    const others = new Map(clusterRules.map((rule) => [rule.alert, rule]));
    const shared = alerts().filter(({ alert }) => others.has(alert));
    expect(shared.length).toBeGreaterThan(0);
    for (const rule of shared) expect(others.get(rule.alert), rule.alert).toEqual(rule);
  });

  it("have names of their own", () => {
    const names = alerts().map(({ alert }) => alert);
    expect(names).toEqual([...new Set(names)]);
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

  it.each([...CASES_OF])("of %s are declared in the folder that its tests mirror", (folder, cases) => {
    const source = join("components", folder);
    const text = readdirSync(source)
      .filter((file) => file.endsWith("observability.ts"))
      .map((file) => readFileSync(join(source, file), "utf8"))
      .join("");
    expect(cases.map(({ alert }) => alert).filter((alert) => !text.includes(`"${alert}"`))).toEqual([]);
  });
});

it('a job whose targets come and go on a cluster has an alert for the moment when there is none, which "up == 0" cannot see', async () => {
  const cluster = await recordedConfigMaps({
    exporters: { kubelets: true },
    app: { replicas: 2 },
    kratos: { replicas: 2 },
  });
  interface Scrape {
    readonly job_name: string;
    readonly static_configs?: object;
  }
  const { scrape_configs: scrapes } = parse(cluster.get("etc_prometheus_prometheus.yml") ?? "") as {
    readonly scrape_configs: readonly Scrape[];
  };
  const discovered = scrapes
    .filter(({ static_configs }) => static_configs === undefined)
    .map(({ job_name }) => job_name);
  expect(discovered).toEqual(["apprun", "kratos", "kubelet", "kubelet-resource", "kubelet-cadvisor"]);
  // The kubelets' three jobs find the same nodes.
  const watched = (job: string) =>
    alerts().filter(({ expr }) => expr.includes(`absent(up{job="${job.split("-")[0] ?? ""}"})`));
  expect(discovered.filter((job) => watched(job).length !== 1)).toEqual([]);
});

describe.skipIf(without("promtool"))("promtool (skipped where it is not on PATH, except in a pipeline)", () => {
  it("takes the configuration and the rules", { timeout: 60_000 }, () => {
    expect(run("promtool", ["check", "config", "prometheus.yml"], directory)).toMatchObject({ code: 0 });
    // The certificate and the token of an account are in its pod only.
    expect(run("promtool", ["check", "config", "--syntax-only", "cluster.yml"], directory)).toMatchObject({ code: 0 });
    for (const file of ["rules.yml", "cluster.rules.yml"])
      expect(run("promtool", ["check", "rules", "--lint=all", "--lint-fatal", file], directory)).toMatchObject({
        code: 0,
      });
  });

  it.each(CASES.map((test) => [test.alert, test] as const))(
    "%s fires when it should, and only then",
    { timeout: 60_000 },
    (_, test) => {
      const rule = alerts().find(({ alert }) => alert === test.alert);
      // The alert alone with what it reads: evaluating all rules for every minute of a day takes minutes.
      const group = {
        name: "case",
        rules: [...rules().filter(({ record }) => record !== undefined && rule!.expr.includes(record)), rule!],
      };
      writeFileSync(join(directory, `${test.alert}.rules.yml`), stringify({ groups: [group] }));
      writeFileSync(join(directory, `${test.alert}.yml`), stringify(promtoolTest(test, rule!)));
      const { code, output } = run("promtool", ["test", "rules", `${test.alert}.yml`], directory);
      expect(code, output).toBe(0);
    },
  );
});

/** One promtool test a case; the alert's constant parts come from the rule, the rest from the case. */
function promtoolTest(
  { alert, interval = "1m", firing, alsoFiring, quiet }: AlertCase,
  { labels, annotations }: Rule,
): object {
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
    tests: [
      ...reasons.map((reason) => test(reason.series, reason.at, [expected(reason)])),
      ...(quiet === "never" ? [] : [test(quiet.series, quiet.at, [])]),
    ],
  };
}
