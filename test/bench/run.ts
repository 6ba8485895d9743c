import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { printJson, note, print, table } from "../../cli/kit/output.ts";
import { engineEnvironment, findEngine } from "../../cli/engine/find.ts";
import { docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { emptyProject } from "./empty.ts";
import { scaleRows } from "./scale.ts";
import { measure, median, type Measurement } from "./measure.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const STACK = "pr-999";
const TIMES = 5;

interface Row {
  readonly what: string;
  readonly ours: Measurement;
  readonly other?: { readonly what: string; readonly measured: Measurement };
  readonly aim: string;
}

const rows: Row[] = [];
const cli = (args: readonly string[], directory: string) =>
  measure(process.execPath, [join(ROOT, "cli/bin.mjs"), ...args, "--stack", STACK, "--cwd", directory], { cwd: ROOT });

async function planRow(directory: string): Promise<Row> {
  return {
    what: "plan, cold",
    ours: await median(TIMES, () => cli(["plan", "--json"], directory)),
    aim: "under 1.5 s and 300 MiB",
  };
}

/** The stack file of the repository, on Kubernetes. */
async function prodPlanRow(): Promise<Row> {
  const plan = () =>
    measure(process.execPath, [join(ROOT, "cli/bin.mjs"), "plan", "--json", "--stack", "prod", "--cwd", ROOT], {
      cwd: ROOT,
    });
  return { what: "plan of prod, cold", ours: await median(TIMES, plan), aim: "under 2 s" };
}

/** Against a program that has next to nothing in it, without the refresh that the project asks for and with it. */
async function previewRows(directory: string, env: Record<string, string>): Promise<Row[]> {
  const empty = emptyProject(ROOT);
  const pulumi = (args: readonly string[], cwd: string, passphrase: NodeJS.ProcessEnv) =>
    measure("pulumi", args, { cwd, env: { ...env, ...passphrase } });
  const bench = { PULUMI_CONFIG_PASSPHRASE: "bench" };
  const own = { PULUMI_CONFIG_PASSPHRASE_FILE: join(directory, ".apprun", "passphrase") };
  await pulumi(["stack", "init", "bench"], empty, bench);
  await pulumi(["up", "--yes", "--skip-preview", "--stack", "bench"], empty, bench);
  const row = async (what: string, flag: string): Promise<Row> => ({
    what,
    ours: await median(TIMES, () => pulumi(["preview", flag, "--stack", STACK], directory, own)),
    other: {
      what: "empty program",
      measured: await median(TIMES, () => pulumi(["preview", flag, "--stack", "bench"], empty, bench)),
    },
    aim: "at most 1.5 times",
  });
  const rows = [
    await row("pulumi preview, no changes", "--refresh=false"),
    await row("the same with its refresh", "--refresh=true"),
  ];
  await pulumi(["destroy", "--yes", "--skip-preview", "--stack", "bench"], empty, bench);
  return rows;
}

/** Compose with the rendered file: the same images, limits and probes. */
async function composeRows(project: TestProject, first: Measurement, again: Measurement): Promise<Row[]> {
  const out = join(project.directory, "rendered");
  await cli(["render", "--out", out, "--generate-secrets"], project.directory);
  const compose = (args: readonly string[]) =>
    measure("docker", ["compose", "--project-directory", out, ...args], { cwd: out });
  const up = ["up", "--detach", "--wait"];
  const fromNothing = await compose(up);
  const nothingToDo = await compose(up);
  await compose(["down", "--volumes"]);
  return [
    {
      what: "up from nothing",
      ours: first,
      other: { what: "docker compose up --wait", measured: fromNothing },
      aim: "at most 1.5 times",
    },
    {
      what: "up, no changes",
      ours: again,
      other: { what: "docker compose up --wait", measured: nothingToDo },
      aim: "-",
    },
  ];
}

async function hasCompose(): Promise<boolean> {
  return docker("compose", "version").then(
    () => true,
    () => false,
  );
}

const engine = await findEngine();
const project = new TestProject(STACK, SMALL);
note("measuring plan");
rows.push(await planRow(project.directory), await prodPlanRow());
note("measuring plan with more workloads");
const scale = await scaleRows();
if ("missing" in engine) note(`the rest needs ${engine.missing}`);
else {
  await wipe(STACK);
  note("measuring up");
  const first = await cli(["up"], project.directory);
  const again = await median(3, () => cli(["up"], project.directory));
  note("measuring preview");
  rows.push(...(await previewRows(project.directory, engineEnvironment(engine))));
  await cli(["destroy", "--remove-data", "--confirm", STACK], project.directory);
  await wipe(STACK);
  note("measuring Compose");
  if (await hasCompose()) rows.push(...(await composeRows(project, first, again)));
  else
    rows.push(
      { what: "up from nothing", ours: first, aim: "no Compose here" },
      { what: "up, no changes", ours: again, aim: "no Compose here" },
    );
  await wipe(STACK);
}

if (process.argv.includes("--json")) printJson({ rows, scale });
else {
  const seconds = ({ seconds: value }: Measurement) => `${value.toFixed(2)} s`;
  print(
    table(
      ["what", "ours", "peak", "against", "time", "ratio", "aim"],
      rows.map(({ what, ours, other, aim }) => [
        what,
        seconds(ours),
        `${Math.round(ours.peak)} MiB`,
        other?.what ?? "-",
        other === undefined ? "-" : seconds(other.measured),
        other === undefined ? "-" : (ours.seconds / other.measured.seconds).toFixed(2),
        aim,
      ]),
    ),
  );
  print(
    table(
      ["extra workloads", "resources", "recorded in", "each resource"],
      scale.map(({ extraWorkloads, resources, milliseconds }) => [
        extraWorkloads,
        resources,
        `${Math.round(milliseconds)} ms`,
        `${(milliseconds / resources).toFixed(2)} ms`,
      ]),
    ),
  );
}
