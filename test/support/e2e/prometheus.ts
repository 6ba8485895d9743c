import { expect } from "vitest";
import { kubectl } from "./cluster.ts";
import type { TestProject } from "./e2e.ts";
import { getAsOperator } from "./operators.ts";

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

export interface FiringAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: string;
}

/** Prometheus and Alertmanager of a stack, as a browser reaches them. */
export class MonitoringApi {
  readonly #project: TestProject;
  readonly #port: number;
  readonly #domain: string;

  constructor(project: TestProject, port: number, domain: string) {
    this.#project = project;
    this.#port = port;
    this.#domain = domain;
  }

  async #data<T>(path: string): Promise<T> {
    const { status, body } = await getAsOperator(this.#project, this.#port, `prometheus.${this.#domain}`, path);
    if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
    return (JSON.parse(body) as { data: T }).data;
  }

  async query(expr: string): Promise<readonly Sample[]> {
    return (await this.#data<{ result: readonly Sample[] }>(`/api/v1/query?query=${encodeURIComponent(expr)}`)).result;
  }

  async targets(): Promise<Record<string, string>> {
    const { activeTargets } = await this.#data<{
      activeTargets: { labels: { job: string }; health: string; lastError: string }[];
    }>("/api/v1/targets");
    return Object.fromEntries(
      activeTargets.map(({ labels, health, lastError }) => [
        labels.job,
        lastError === "" ? health : `${health}: ${lastError}`,
      ]),
    );
  }

  /** Rules whose last evaluation failed. */
  async brokenRules(): Promise<readonly string[]> {
    const { groups } = await this.#data<{
      groups: { rules: { name: string; health: string; lastError?: string }[] }[];
    }>("/api/v1/rules");
    const rules = groups.flatMap((group) => group.rules);
    if (rules.length === 0) throw new Error("Prometheus has no rules");
    return rules.filter(({ health }) => health === "err").map(({ name, lastError }) => `${name}: ${lastError ?? ""}`);
  }

  /** Names of the alerts that fire. */
  async firing(): Promise<readonly string[]> {
    const { alerts } = await this.#data<{ alerts: readonly FiringAlert[] }>("/api/v1/alerts");
    return [
      ...new Set(alerts.filter(({ state }) => state === "firing").map(({ labels }) => labels["alertname"] ?? "")),
    ].sort();
  }

  /** Alerts that Alertmanager holds, by name, with whether it mutes them. */
  async held(): Promise<Record<string, "active" | "muted">> {
    const { body } = await getAsOperator(this.#project, this.#port, `alertmanager.${this.#domain}`, "/api/v2/alerts");
    const alerts = JSON.parse(body) as { labels: { alertname: string }; status: { inhibitedBy: string[] } }[];
    return Object.fromEntries(
      alerts.map(({ labels, status }) => [labels.alertname, status.inhibitedBy.length > 0 ? "muted" : "active"]),
    );
  }
}

/** Asks the Prometheus of a stack on a cluster from inside of its pod. */
export async function askPrometheusIn<T>(namespace: string, path: string): Promise<T> {
  const ask = ["exec", "prometheus-0", "--", "wget", "-qO-", `http://127.0.0.1:9090/api/v1/${path}`];
  return (JSON.parse(await kubectl("--namespace", namespace, ...ask)) as { data: T }).data;
}

/** What an expression is there, now or at a time in seconds. */
export async function queryIn(namespace: string, expr: string, time?: number): Promise<readonly Sample[]> {
  const path = `query?query=${encodeURIComponent(expr)}${time === undefined ? "" : `&time=${time}`}`;
  return (await askPrometheusIn<{ result: readonly Sample[] }>(namespace, path)).result;
}

/** Waits until every query has data; a scrape and what rules make of it take up to a minute each. */
export async function expectData(
  query: (expr: string) => Promise<readonly Sample[]>,
  queries: readonly string[],
): Promise<void> {
  const empty = async (expr: string) => ((await query(expr)).length === 0 ? [expr] : []);
  await expect
    .poll(async () => (await Promise.all([...new Set(queries)].map(empty))).flat(), {
      timeout: 120_000,
      interval: 5000,
    })
    .toEqual([]);
}
