import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";

export interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}
export interface Job {
  readonly if?: string;
  readonly "runs-on": string;
  readonly environment?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
export interface Workflow {
  readonly on: Readonly<
    Record<string, { readonly inputs?: Readonly<Record<string, { readonly options?: readonly string[] }>> } | null>
  >;
  readonly permissions: unknown;
  readonly concurrency: { readonly "cancel-in-progress": boolean };
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** One way in which a job can run. */
export interface Row {
  readonly job: string;
  readonly event: string;
  /** Whose code runs: a pull request's own, which nobody has read, or reviewed code. */
  readonly code: "unreviewed" | "reviewed" | "none";
  readonly environment: string;
  readonly runner: string;
  readonly secrets: readonly string[];
  /** Rights of the token that write to the repository. */
  readonly writes: readonly string[];
}

export const DIRECTORY = ".github/workflows";

/** Every workflow of the repository, by the name of its file. */
export function workflows(): Readonly<Record<string, Workflow>> {
  return Object.fromEntries(
    readdirSync(DIRECTORY).map((file) => [file, parse(readFileSync(`${DIRECTORY}/${file}`, "utf8")) as Workflow]),
  );
}

const PULL_REQUEST = /^pull_request|^merge_group$|^workflow_run$|^issue_comment$|^review/;
/** What names the head of a pull request, or lets its author name it. */
const HEAD = /pull_request\.head\.(sha|ref)|github\.head_ref|refs\/pull\/|gh pr checkout|merge_commit_sha/;

/** Every job of every event, with each value that its environment can have. */
export function tableOf(files: Readonly<Record<string, Workflow>>): readonly Row[] {
  return Object.entries(files).flatMap(([file, workflow]) =>
    Object.entries(workflow.jobs).flatMap(([name, job]) =>
      Object.keys(workflow.on)
        .filter((event) => mayRun(job, event))
        .flatMap((event) =>
          environments(job, workflow, event).map((environment): Row => ({
            ...{
              job: `${file} ${name}`,
              event,
              code: codeOf(job, event),
              environment,
              runner: job["runs-on"],
              secrets: secretsOf(workflow, job),
            },
            writes: Object.entries(job.permissions).flatMap(([right, level]) =>
              level === "write" && right !== "id-token" ? [right] : [],
            ),
          })),
        ),
    ),
  );
}

/** A job may be for one event of several. */
function mayRun({ if: condition = "" }: Job, event: string): boolean {
  const only = /github\.event_name == '(\w+)'/.exec(condition)?.[1];
  return only === undefined || only === event;
}

function codeOf(job: Job, event: string): Row["code"] {
  const checkouts = job.steps.filter(({ uses = "" }) => uses.startsWith("actions/checkout@"));
  // An expression that names the head of a pull request fetches it, whatever the event.
  if (HEAD.test(JSON.stringify(job.steps))) return "unreviewed";
  if (checkouts.length === 0) return "none";
  if (!PULL_REQUEST.test(event)) return "reviewed";
  return checkouts.every(({ with: given }) => given?.["ref"] === "${{ github.event.pull_request.base.sha }}")
    ? "reviewed"
    : "unreviewed";
}

/** `${{ inputs.stack || 'staging' }}-preview` is one environment a choice. */
function environments({ environment = "" }: Job, workflow: Workflow, event: string): readonly string[] {
  const choice = /\$\{\{ inputs\.(\w+) \|\| '(\w+)' \}\}/.exec(environment);
  if (choice === null) return [environment];
  const [expression, input = "", fallback = ""] = choice;
  return (workflow.on[event]?.inputs?.[input]?.options ?? [fallback]).map((value) =>
    environment.replace(expression, value),
  );
}

function secretsOf({ env }: Workflow, job: Job): readonly string[] {
  return [...new Set(JSON.stringify([env, job]).match(/secrets\.\w+|secrets\[|toJSON\(secrets\)/g) ?? [])].sort();
}

/** Where unreviewed code may run, and with which secrets: those that open nothing but stacks of pull requests. */
const PULL_REQUESTS = "pull-requests";
const HOSTED = "ubuntu-24.04";
const RUNNERS = { pullRequests: "${{ vars.PULL_REQUEST_RUNNER }}", deploy: "${{ vars.DEPLOY_RUNNER }}" };
const STACKS = ["staging", "prod", "staging-preview", "prod-preview"];
const DEPLOY_EVENTS = ["push", "schedule", "workflow_dispatch"];

/** What is wrong with a table: where code that nobody has read meets a secret, a runner or a right of others. */
export function violations(table: readonly Row[]): readonly string[] {
  return table.flatMap(({ job, event, code, environment, runner, secrets, writes }) => {
    const say = (wrong: boolean, text: string) => (wrong ? [`${job} on ${event}: ${text}`] : []);
    const unreviewed = code === "unreviewed";
    return [
      ...say(
        environment !== "" && ![PULL_REQUESTS, ...STACKS].includes(environment),
        `an environment that nobody knows, ${environment}`,
      ),
      ...say(![HOSTED, ...Object.values(RUNNERS)].includes(runner), `a runner that may be anybody's, ${runner}`),
      ...say(
        (environment !== "") !== secrets.length > 0,
        "an environment without secrets, or secrets without an environment",
      ),
      ...say(
        unreviewed && ![PULL_REQUESTS, ""].includes(environment),
        `unreviewed code in the environment ${environment}`,
      ),
      ...say(unreviewed && runner === RUNNERS.deploy, "unreviewed code on the runner that deploys"),
      ...say(unreviewed && writes.length > 0, `unreviewed code with a token that writes ${writes.join(", ")}`),
      ...say(
        STACKS.includes(environment) && !DEPLOY_EVENTS.includes(event),
        `the environment ${environment} for an event of pull requests`,
      ),
      ...say(
        environment === PULL_REQUESTS && runner === RUNNERS.deploy,
        "states of pull requests on the runner that deploys",
      ),
      ...say(
        STACKS.includes(environment) && runner === RUNNERS.pullRequests,
        `the environment ${environment} on the runner of pull requests`,
      ),
    ];
  });
}
