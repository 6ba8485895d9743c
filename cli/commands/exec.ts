import { Ended } from "../kit/exit.ts";
import type { CommonOptions } from "../kit/project.ts";
import { named, running } from "../kit/services.ts";
import type { Operations, Replica } from "../runtime/operations.ts";
import { ownOperationsOf, runningReplica, SYSTEM, type OperateSystem } from "./operate.ts";

export interface ExecOptions extends CommonOptions {
  readonly replica?: string;
}

/**
 * Runs a command in a replica of a service. Its streams are the operator's, with a terminal where both ends are one.
 * @throws Ended with the command's exit code
 */
export async function exec(
  service: string,
  command: readonly string[],
  options: ExecOptions,
  system: OperateSystem = SYSTEM,
): Promise<void> {
  const project = await system.loadProject(options);
  const { settings, recording } = project;
  const workload = named("service", service, running(recording.result.inventory.workloads, settings.platform));
  const operations = await ownOperationsOf(project, system);
  await runIn(operations, await runningReplica(operations, workload, options.replica), command);
}

/** Whether a command that is run for the operator gets a terminal. */
export function isInteractive(): boolean {
  // Without a terminal the property is absent, and an API server reads a parameter without a value as true.
  return [process.stdin, process.stdout].every(({ isTTY }) => isTTY);
}

/** @throws Ended with the command's exit code */
export async function runIn(operations: Operations, replica: Replica, command: readonly string[]): Promise<void> {
  const tty = isInteractive();
  const { stdin, stdout, stderr } = process;
  if (tty) stdin.setRawMode(true);
  try {
    throw new Ended(await operations.exec(replica, { command, tty, stdin, stdout, stderr }));
  } finally {
    if (tty) stdin.setRawMode(false);
    // The command has ended; waiting for more input would keep this program from ending too.
    stdin.destroy();
  }
}
