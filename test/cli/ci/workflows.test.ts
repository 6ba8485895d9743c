import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { seconds } from "../../../components/model/units.ts";
import { CATALOGUE } from "../../../components/services/catalogue.ts";
import { UPGRADE_TIMEOUT } from "../../../components/services/postgres/upgrade.ts";
import { DIRECTORY, type Job, type Step, type Workflow } from "./workflow-table.ts";

const workflows = readdirSync(DIRECTORY).map((file) => [file, readFileSync(`${DIRECTORY}/${file}`, "utf8")] as const);
const jobs = workflows.flatMap(([file, text]) =>
  Object.entries((parse(text) as Workflow).jobs).map(([name, job]) => [`${file} ${name}`, job] as const),
);
const used = (job: Job) => job.steps.flatMap(({ uses }) => uses ?? []);
const scripts = (job: Job) => job.steps.map(({ run }) => run ?? "").join("\n");

describe("the workflows", () => {
  it("are the eight that the page names", () => {
    expect(workflows.map(([file]) => file).sort()).toEqual([
      "backend.yml",
      "ci.yml",
      "deploy.yml",
      "drift.yml",
      "images.yml",
      "plan.yml",
      "pr-environment.yml",
      "sweeper.yml",
    ]);
  });

  it.each(workflows)("%s gives no rights to all jobs, and never runs a fork's code with secrets", (_, text) => {
    const { on, permissions } = parse(text) as Workflow;
    expect(permissions).toEqual({});
    expect(Object.keys(on)).not.toContain("pull_request_target");
    expect(Object.keys(on)).not.toContain("workflow_run");
  });

  it.each(workflows)("%s never cancels what changes a stack", (_, text) => {
    const { concurrency, jobs: own } = parse(text) as Workflow;
    const changes = Object.values(own).some((job) =>
      /bin\.mjs (up|destroy|state|ci (sweep|close))|pulumi (stack|cancel)/.test(scripts(job)),
    );
    if (changes) expect(concurrency["cancel-in-progress"]).toBe(false);
    expect(typeof concurrency["cancel-in-progress"]).toBe("boolean");
  });

  it.each(jobs)("%s is limited in time, and every action of others is pinned by commit", (_, job) => {
    expect(job["timeout-minutes"]).toBeGreaterThan(0);
    for (const action of used(job)) expect(action).toMatch(/^(\.\/|[\w.-]+\/[\w./-]+@[0-9a-f]{40}$)/);
  });

  it.each(jobs)("%s has secrets behind an environment only, and tokens only with them", (_, job) => {
    const text = JSON.stringify(job);
    const secret = text.includes("secrets.");
    expect(job.environment !== undefined).toBe(secret);
    expect(job.permissions["id-token"]).toBe(secret ? "write" : undefined);
    expect(used(job).includes("./.github/actions/state")).toBe(secret);
    expect(Object.keys(job.permissions)).not.toContain("actions");
  });

  it.each(jobs)("%s hides no failure of a command", (_, job) => {
    expect(scripts(job)).not.toMatch(/\|\|\s*(true|:)\s*$/m);
    for (const step of job.steps) expect(step).not.toHaveProperty("continue-on-error");
  });

  it.each(jobs)("%s takes nothing of an event into a script", (_, job) => {
    expect(scripts(job)).not.toContain("${{");
  });
});

describe("a job that changes a stack", () => {
  const changing = jobs.filter(([, job]) => job.steps.some(({ run }) => /bin\.mjs (up|ci close)/.test(run ?? "")));

  it("is one of these", () => {
    expect(changing.map(([name]) => name)).toEqual([
      "deploy.yml up",
      "pr-environment.yml up",
      "pr-environment.yml down",
    ]);
  });

  it("has the time of the longest job where it deploys, and an hour on top", () => {
    const [, up] = changing[0]!;
    expect((up["timeout-minutes"] ?? 0) * 60).toBeGreaterThanOrEqual(seconds(UPGRADE_TIMEOUT) + 3600);
  });

  it.each(changing)("%s has credentials for as long as it may run, or as long as AWS gives any", (_, job) => {
    const state = job.steps.find(({ uses }) => uses === "./.github/actions/state");
    const held = Number(state?.with?.["seconds"] ?? 3600);
    expect(held).toBeGreaterThanOrEqual(Math.min((job["timeout-minutes"] ?? 0) * 60, 43_200));
  });

  it.each(changing)("%s says what it left when it is cut off, right after that step", (_, job) => {
    const at = job.steps.findIndex(({ run }) => /bin\.mjs (up|ci close)/.test(run ?? ""));
    const [step, next] = job.steps.slice(at, at + 2);
    expect(next?.if).toBe(`\${{ always() && steps.${step?.id ?? ""}.outcome == 'cancelled' }}`);
    expect(next?.run).toContain('bin.mjs ci left --stack "$STACK" >> "$GITHUB_STEP_SUMMARY"');
  });

  it.each(changing)("%s has a way past a lock that was left in a bucket", (_, job) => {
    expect(scripts(job)).toMatch(
      /state unlock --stack "\$STACK" --force --confirm "\$STACK"|ci close --stack "\$STACK" --unlock/,
    );
  });
});

describe("what is installed", () => {
  it("is the lock file's, and every package with an install script is allowed or refused by name", () => {
    const { allowScripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
      allowScripts: Record<string, boolean>;
    };
    const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript === true);
    expect(Object.keys(allowScripts).sort()).toEqual(
      [...new Set(scripted.map(([path]) => path.slice(path.lastIndexOf("node_modules/") + 13)))].sort(),
    );
  });

  it("checks rules and routes by the versions of Prometheus and Alertmanager that the stacks run", () => {
    const required = readFileSync(".ci/tools/prometheus/go.mod", "utf8");
    const version = (module: string) => new RegExp(`github.com/prometheus/${module} v(\\S+)`).exec(required)?.[1];
    // As a Go module, Prometheus 3.15.0 is 0.315.0.
    const [major = "", minor = "", patch = ""] = CATALOGUE.prometheus.tag.replace("v", "").split(".");
    expect(version("prometheus")).toBe(`0.${major}${minor.padStart(2, "0")}.${patch}`);
    expect(`v${version("alertmanager") ?? ""}`).toBe(CATALOGUE.alertmanager.tag);
  });

  it("runs no other install script, in any job", () => {
    expect(readFileSync(".ci/install", "utf8")).toContain("npm ci --ignore-scripts");
    for (const [, job] of jobs) expect(scripts(job)).not.toMatch(/npm (ci|install|i)\b/);
  });
});

describe("the actions of this repository", () => {
  it("pin the actions of others by commit", () => {
    for (const name of readdirSync(".github/actions")) {
      const { runs } = parse(readFileSync(`.github/actions/${name}/action.yml`, "utf8")) as { runs: { steps: Step[] } };
      for (const { uses } of runs.steps) if (uses !== undefined) expect(uses).toMatch(/@[0-9a-f]{40}$/);
    }
  });
});
