/** What the exit code of every command means. */
export const EXIT = {
  ok: 0,
  /** The command ran and failed. */
  failed: 1,
  /** The call or the settings are wrong; nothing was touched. */
  usage: 2,
  /** Nothing was deployed, because the engine or Docker is not to be had. */
  noEngine: 3,
} as const;

/** An error for the operator, with the exit code that it ends the command with. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What an error says, whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
