import { describe, expect, it } from "vitest";
import { tableOf, violations, workflows, type Job, type Workflow } from "./workflow-table.ts";

const FILES = workflows();
const TABLE = tableOf(FILES);
const RUNNER = { deploy: "${{ vars.DEPLOY_RUNNER }}", pullRequests: "${{ vars.PULL_REQUEST_RUNNER }}" };
const STATE = "PULUMI_BACKEND_URL PULUMI_CONFIG_PASSPHRASE";

/** The workflows with one job changed. */
function moved(job: string, change: Partial<Job>, on: Workflow["on"] = {}): Readonly<Record<string, Workflow>> {
  const [file = "", name = ""] = job.split(" ");
  const workflow = FILES[file]!;
  return {
    ...FILES,
    [file]: {
      ...workflow,
      on: { ...workflow.on, ...on },
      jobs: { ...workflow.jobs, [name]: { ...workflow.jobs[name]!, ...change } },
    },
  };
}

const jobsWith = (code: string) => [
  ...new Set(TABLE.filter((row) => row.code === code && row.event === "pull_request").map(({ job }) => job)),
];
const deploying = [...new Set(TABLE.filter(({ runner }) => runner === RUNNER.deploy).map(({ job }) => job))];

it("the workflows run each job with these secrets, on these runners", () => {
  expect(
    TABLE.map(({ job, event, code, environment, runner, secrets, writes }) =>
      [
        job,
        event,
        code,
        environment || "-",
        secrets.map((name) => name.replace("secrets.", "")).join(" ") || "-",
        runner.replace(/\$\{\{ vars\.| \}\}/g, ""),
        writes.join(" ") || "-",
      ].join(" | "),
    ),
  ).toEqual([
    `backend.yml smoke | pull_request | unreviewed | pull-requests | ${STATE} | ubuntu-24.04 | -`,
    "ci.yml test | push | reviewed | - | - | ubuntu-24.04 | -",
    "ci.yml test | pull_request | unreviewed | - | - | ubuntu-24.04 | -",
    "ci.yml engine | push | reviewed | - | - | ubuntu-24.04 | -",
    "deploy.yml sbom | push | reviewed | - | - | ubuntu-24.04 | -",
    "deploy.yml sbom | workflow_dispatch | reviewed | - | - | ubuntu-24.04 | -",
    `deploy.yml preview | push | reviewed | staging-preview | ${STATE} | DEPLOY_RUNNER | -`,
    `deploy.yml preview | workflow_dispatch | reviewed | staging-preview | ${STATE} | DEPLOY_RUNNER | -`,
    `deploy.yml preview | workflow_dispatch | reviewed | prod-preview | ${STATE} | DEPLOY_RUNNER | -`,
    `deploy.yml up | push | reviewed | staging | DEPLOY_WEBHOOK ${STATE} | DEPLOY_RUNNER | -`,
    `deploy.yml up | workflow_dispatch | reviewed | staging | DEPLOY_WEBHOOK ${STATE} | DEPLOY_RUNNER | -`,
    `deploy.yml up | workflow_dispatch | reviewed | prod | DEPLOY_WEBHOOK ${STATE} | DEPLOY_RUNNER | -`,
    `drift.yml drift | schedule | reviewed | prod-preview | ${STATE} | DEPLOY_RUNNER | issues`,
    `drift.yml drift | workflow_dispatch | reviewed | prod-preview | ${STATE} | DEPLOY_RUNNER | issues`,
    "drift.yml pins | schedule | reviewed | - | - | ubuntu-24.04 | -",
    "drift.yml pins | workflow_dispatch | reviewed | - | - | ubuntu-24.04 | -",
    "images.yml check | schedule | reviewed | - | - | ubuntu-24.04 | issues",
    "images.yml check | workflow_dispatch | reviewed | - | - | ubuntu-24.04 | issues",
    "plan.yml plan | pull_request | unreviewed | - | - | ubuntu-24.04 | -",
    "plan.yml comment | pull_request | reviewed | - | - | ubuntu-24.04 | issues pull-requests",
    `pr-environment.yml up | pull_request | unreviewed | pull-requests | ${STATE} | PULL_REQUEST_RUNNER | -`,
    "pr-environment.yml comment | pull_request | reviewed | - | - | ubuntu-24.04 | issues pull-requests",
    `pr-environment.yml down | pull_request | reviewed | pull-requests | ${STATE} | PULL_REQUEST_RUNNER | -`,
    `sweeper.yml sweep | schedule | reviewed | pull-requests | CLOUDFLARE_API_TOKEN ${STATE} | PULL_REQUEST_RUNNER | -`,
    `sweeper.yml sweep | workflow_dispatch | reviewed | pull-requests | CLOUDFLARE_API_TOKEN ${STATE} | PULL_REQUEST_RUNNER | -`,
  ]);
});

it("nothing that nobody has read meets a secret, a runner or a right of staging or prod", () => {
  expect(violations(TABLE)).toEqual([]);
});

describe.each(jobsWith("unreviewed"))("%s, which runs a pull request's own code", (job) => {
  it.each(["staging", "prod", "staging-preview", "prod-preview", "preview"])(
    "may not move into the environment %s",
    (environment) => {
      const secret = { env: { PULUMI_CONFIG_PASSPHRASE: "${{ secrets.PULUMI_CONFIG_PASSPHRASE }}" } };
      expect(violations(tableOf(moved(job, { environment, ...secret }))).length).toBeGreaterThan(0);
    },
  );

  it.each([
    RUNNER.deploy,
    "${{ vars.PULL_REQUEST_RUNNER || vars.DEPLOY_RUNNER }}",
    "${{ vars.DEPLOY_RUNNER || 'ubuntu-24.04' }}",
    "self-hosted",
  ])("may not move to the runner %s", (runner) => {
    expect(violations(tableOf(moved(job, { "runs-on": runner }))).length).toBeGreaterThan(0);
  });

  it("may not have a token that writes", () => {
    expect(violations(tableOf(moved(job, { permissions: { contents: "write" } }))).length).toBeGreaterThan(0);
  });

  it("may not read a secret of the repository, which every environment's code could", () => {
    const { environment: _, ...rest } = FILES[job.split(" ")[0]!]!.jobs[job.split(" ")[1]!]!;
    const [file = "", name = ""] = job.split(" ");
    const changed = {
      ...FILES,
      [file]: { ...FILES[file]!, jobs: { [name]: { ...rest, env: { KEY: "${{ secrets.KEY }}" } } } },
    };
    expect(violations(tableOf(changed)).length).toBeGreaterThan(0);
  });
});

describe.each(deploying)("%s, which runs on the machine that deploys", (job) => {
  it.each(["pull_request", "pull_request_target", "merge_group", "issue_comment", "workflow_run"])(
    "may not run for %s",
    (event) => {
      expect(violations(tableOf(moved(job, {}, { [event]: null }))).length).toBeGreaterThan(0);
    },
  );

  it("may not fetch the head of a pull request, whoever asks for it", () => {
    const [file = "", name = ""] = job.split(" ");
    const { steps } = FILES[file]!.jobs[name]!;
    const fetching = [{ uses: "actions/checkout@0", with: { ref: "refs/pull/${{ inputs.number }}/merge" } }, ...steps];
    expect(violations(tableOf(moved(job, { steps: fetching }))).length).toBeGreaterThan(0);
  });

  it("may not move to the runner of pull requests", () => {
    expect(violations(tableOf(moved(job, { "runs-on": RUNNER.pullRequests }))).length).toBeGreaterThan(0);
  });
});

it.each(jobsWith("reviewed"))(
  "%s holds a token or states of pull requests, and may not check their head out",
  (job) => {
    const [file = "", name = ""] = job.split(" ");
    const steps = FILES[file]!.jobs[name]!.steps.map((step) =>
      step.uses?.startsWith("actions/checkout@") === true ? { uses: step.uses } : step,
    );
    const table = tableOf(moved(job, { steps }));
    expect(table.find((row) => row.job === job)?.code).toBe("unreviewed");
    if (FILES[file]!.jobs[name]!.environment === undefined) expect(violations(table).length).toBeGreaterThan(0);
  },
);
