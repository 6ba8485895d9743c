import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { TestProject } from "./e2e.ts";
import { generatedSecrets } from "./inspect.ts";

const run = promisify(execFile);

interface Answer {
  readonly dashboard: { readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[] };
}

/** A page of Grafana's API, as its administrator sees it. */
export async function grafana(project: TestProject, port: number, path: string): Promise<unknown> {
  const password = (await generatedSecrets(project))["grafana-admin"] ?? "";
  const host = `Host: grafana.${project.stack}.localhost`;
  const { stdout } = await run("curl", [
    "-sf",
    "-u",
    `apprun-admin:${password}`,
    "-H",
    host,
    `http://127.0.0.1:${port}${path}`,
  ]);
  return JSON.parse(stdout) as unknown;
}

/** Every query of one dashboard, as Grafana has it. */
export async function dashboardQueries(project: TestProject, port: number, uid: string): Promise<readonly string[]> {
  const { dashboard } = (await grafana(project, port, `/api/dashboards/uid/${uid}`)) as Answer;
  return dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
}
