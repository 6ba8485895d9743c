import { CliError } from "../kit/exit.ts";
import { coloured, print, printJson, table } from "../kit/output.ts";
import { loadProject, type CommonOptions, type Project } from "../kit/project.ts";
import { createRuntime } from "../runtime/create.ts";
import { noteHolder } from "../runtime/lock/stack-lock.ts";
import { isGood, type Observation } from "../runtime/runtime.ts";

/** One line of the table: a service with the worst state of its instances. */
export interface ServiceRow {
  readonly service: string;
  readonly state: string;
  /** Where it answers; `-` for what is reached from inside only. */
  readonly address: string;
  /** The command that shows its credentials, or `-`. */
  readonly credentials: string;
}

/** @throws CliError when a service is not as it should be */
export async function status(options: CommonOptions): Promise<void> {
  const project = await loadProject(options);
  const runtime = await createRuntime(project);
  await runtime.require();
  await noteHolder(project.stack, runtime.lock(project));
  const observations = await runtime.observe(project.recording.result.inventory);
  showServices(project, observations, options.json === true);
  const bad = observations.filter((observation) => !isGood(observation));
  if (bad.length > 0)
    throw new CliError({
      happened: `${bad.length} of ${observations.length} are not as they should be`,
      fix: "`npm run up` repairs what can be repaired",
    });
  const exposed = (await runtime.exposure?.(project)) ?? [];
  if (exposed.length > 0)
    throw new CliError({ heading: "the host listens otherwise than the model says", problems: exposed });
}

/** Prints a row for every service, jobs that are done left out. */
export function showServices(project: Project, observations: readonly Observation[], json: boolean): void {
  const rows = serviceRows(project, observations);
  if (json) printJson({ stack: project.stack, services: rows });
  else
    print(
      table(
        ["service", "state", "address", "credentials"],
        rows.map((row) => [row.service, coloured(row.state), row.address, row.credentials]),
      ),
    );
}

export function serviceRows(
  { stack, recording }: Pick<Project, "stack" | "recording">,
  observations: readonly Observation[],
): readonly ServiceRow[] {
  const { inventory, urls, access, credentials, pages } = recording.result;
  return inventory.workloads.flatMap(({ name, kind, ports }) => {
    const states = observations.filter(({ service }) => service === name).map(({ state }) => state);
    const state = states.find((candidate) => !isGood({ state: candidate })) ?? states[0] ?? "missing";
    if (kind === "job" && state === "done") return [];
    const page = Object.entries(pages).find(([, workload]) => workload === name)?.[0];
    const address =
      (page === undefined ? undefined : reached(urls[page], access[page])) ??
      ports.find(({ listens }) => listens !== undefined)?.listens ??
      "-";
    const command = Object.hasOwn(credentials, name)
      ? `npm run credentials -- ${name}${stack === "dev" ? "" : ` --stack ${stack}`}`
      : "-";
    return [{ service: name, state, address, credentials: command }];
  });
}

/** A page's URL, and the command that opens the way to it where it has none of its own. */
function reached(url: string | undefined, command: string | undefined): string | undefined {
  return command === undefined ? url : `${url ?? ""} after: ${command}`;
}
