import { knownPlace } from "../engine/known-place.ts";
import type { State } from "../engine/state.ts";
import { confirmStack } from "../kit/ask.ts";
import { CliError } from "../kit/exit.ts";

/** Options of a command that works on a stack whose data may be gone. */
export interface LostDataOptions {
  /** The operator says that it is gone for good. */
  readonly dataIsLost?: boolean;
}

const IF_LOST =
  "if the data is lost for good: npm run up -- --data-is-lost makes empty volumes, and npm run restore fills them from a backup";

/** An engine that answers. */
export interface AnsweringEngine {
  readonly id: string;
  readonly host: string;
}

/**
 * Refuses another Docker Engine than the one that the state belongs to: a
 * refresh there would find nothing, forget the whole stack and make an empty one.
 * @throws CliError with the ways on
 */
export function refuseOtherEngine(stack: string, state: State, { id, host }: AnsweringEngine): void {
  const { engine } = knownPlace(state);
  if (engine === undefined || engine === id) return;
  throw new CliError({
    got: `stack ${stack}: another Docker Engine answers at ${host}: got the identity ${id}`,
    allowed: `${engine}, on which the stack is`,
    fix:
      "nothing was changed: name that engine with apprun:docker.host, " +
      `or start it with its own data directory, whose disk may not be mounted; ${IF_LOST}`,
  });
}

/**
 * Refuses to go on without a volume that holds data: the engine would take it
 * out of the state and make an empty one, and backups of nothing would take the
 * place of the real ones. `there` are the volumes of the place.
 * @throws CliError that names them, with the ways on
 */
export function refuseLostData(stack: string, state: State, there: readonly string[], where: string): void {
  const gone = knownPlace(state).data.filter((name) => !there.includes(name));
  if (gone.length === 0) return;
  throw new CliError({
    got: `stack ${stack}: data volumes of the state are gone from ${where}: ${gone.join(", ")}`,
    allowed: "every volume that holds the stack's data",
    fix: `nothing was changed: mount the disk that holds them, or bring them back under these names; ${IF_LOST}`,
  });
}

/**
 * Asks for the stack's name before a command goes on without its data.
 * @throws CliError for another answer
 */
export async function confirmLoss(
  stack: string,
  { dataIsLost }: LostDataOptions,
  confirm: string | undefined,
): Promise<void> {
  if (dataIsLost !== true) return;
  await confirmStack(
    "--data-is-lost",
    stack,
    `Volumes of stack ${stack} that are not there are forgotten; what they held comes back from a backup only.`,
    confirm,
  );
}
