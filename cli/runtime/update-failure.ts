import { CliError, EXIT, reasonOf } from "../kit/exit.ts";
import { fitted, note } from "../kit/output.ts";
import type { Project } from "../kit/project.ts";
import type { Runtime } from "./runtime.ts";
import { complaints, inOneLine, shown, type Complaint } from "./verify.ts";

/** An instance that did not come up while the engine waited for it. */
export interface FailedStart extends Complaint {
  /** Whether what it ran in was removed. */
  readonly removed: boolean;
}

export interface RefusalArgs {
  readonly runtime: Runtime;
  readonly project: Project;
  readonly failed: readonly FailedStart[];
  /** Instances that the engine gave up after its own time-out. */
  readonly late: readonly string[];
  /** What the engine says, and of which resource. */
  readonly causes: readonly { readonly resource: string; readonly cause: string }[];
  readonly logFile: string;
  readonly error: unknown;
}

/** States of what has only begun, or never did. */
const NOT_YET = new Set(["missing", "starting", "created", "running"]);

const TOO_LATE = "is not healthy within its time";

/** Prints what is wrong, and returns the error whose one line names the cause and what to do. */
export async function refusal(args: RefusalArgs): Promise<CliError> {
  const { runtime, project, failed, late, causes, logFile, error } = args;
  const wrong = failed.length > 0 ? failed : await whatIsWrong(runtime, project, late);
  // What the engine says of an instance that was given up follows from that.
  const others =
    failed.length > 0 ? [] : causes.map(({ resource, cause }) => (resource === "" ? cause : `${resource}: ${cause}`));
  if (others.length > 0) note(others.map((line) => fitted(line, process.stderr)).join("\n"));
  if (wrong.length > 0) note(shown(wrong, runtime));
  for (const { instance, removed } of failed)
    if (removed) note(`${runtime.instanceName} ${instance} is removed; its whole log is in ${logFile}`);
  const [first] = wrong;
  const known =
    first !== undefined && (others.length === 0 || isOf(first, [...failed.map(({ instance }) => instance), ...late]));
  const cause = known ? inOneLine(first) : others[0];
  return new CliError(
    {
      happened: `the update failed: ${cause ?? lastLine(error)}`,
      fix: `fix that, then run: npm run up${project.stack === "dev" ? "" : ` -- --stack ${project.stack}`}`,
    },
    EXIT.failed,
    { cause: error },
  );
}

/** What runs but is not as it should be; the runtime may be the one that went. */
async function whatIsWrong(
  runtime: Runtime,
  { recording }: Project,
  late: readonly string[],
): Promise<readonly Complaint[]> {
  try {
    const observations = await runtime.observe(recording.result.inventory);
    const found = await complaints(
      runtime,
      observations.filter((one) => isOf(one, late) || !NOT_YET.has(one.state)),
    );
    // What the engine gave up first: it is the cause, and the others may follow from it.
    return [
      ...found
        .filter((one) => isOf(one, late))
        .map((one) => (one.what === "is starting" ? { ...one, what: TOO_LATE } : one)),
      ...found.filter((one) => !isOf(one, late)),
    ];
  } catch (error) {
    note(`the runtime does not answer: ${lastLine(error)}`);
    return [];
  }
}

function isOf({ instance }: Pick<Complaint, "instance">, instances: readonly string[]): boolean {
  return instances.includes(instance);
}

function lastLine(error: unknown): string {
  const lines = reasonOf(error)
    .split("\n")
    .map((line) => line.trim());
  return (
    lines.find((line) => line !== "" && !/^(code: -?\d+|stdout:|stderr:)$/.test(line)) ?? "the engine gave no reason"
  );
}
