import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { DIRECTORY, type Job, type Step, type Workflow } from "./workflow-table.ts";

const workflows = readdirSync(DIRECTORY).map((file) => [file, readFileSync(`${DIRECTORY}/${file}`, "utf8")] as const);
const jobs = workflows.flatMap(([file, text]) => Object.entries((parse(text) as Workflow).jobs).map(([name, job]) => [`${file} ${name}`, job] as const));
const used = (job: Job) => job.steps.flatMap(({ uses }) => uses ?? []);
const scripts = (job: Job) => job.steps.map(({ run }) => run ?? "").join("\n");

describe("the workflows", () => {
  it("are the seven that the page names", () => {
    expect(workflows.map(([file]) => file).sort()).toEqual([
      "backend.yml",
      "ci.yml",
      "deploy.yml",
      "drift.yml",
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
    const changes = Object.values(own).some((job) => /bin\.mjs (up|destroy|ci (sweep|close))|pulumi (stack|cancel)/.test(scripts(job)));
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

  it.each(jobs)("%s takes nothing of an event into a script", (_, job) => {
    expect(scripts(job)).not.toContain("${{");
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
