import { refuseWhileRestoring } from "../backup/interrupted.ts";
import { confirmStack } from "../kit/ask.ts";
import { CliError, EXIT } from "../kit/exit.ts";
import { note, print, printJson, secondsSince } from "../kit/output.ts";
import type { CommonOptions } from "../kit/project.ts";
import { named, running } from "../kit/services.ts";
import { DURATION_PATTERN, seconds, type Duration } from "../../components/model/units.ts";
import { refuseOtherPlace } from "../runtime/lock/hold.ts";
import { withLock } from "../runtime/lock/stack-lock.ts";
import { SYSTEM, type OperateSystem } from "./operate.ts";

export interface RestartOptions extends CommonOptions {
  readonly confirm?: string;
  readonly timeout: string;
}

/** Starts a service again, one replica after the other, and waits for the health of each. */
export async function restart(service: string, options: RestartOptions, system: OperateSystem = SYSTEM): Promise<void> {
  if (!DURATION_PATTERN.test(options.timeout))
    throw new CliError(
      { got: `--timeout: got "${options.timeout}"`, allowed: 'a span such as "30s" or "5m"', fix: "write one" },
      EXIT.usage,
    );
  const project = await system.loadProject(options);
  const { settings, recording } = project;
  const workload = named("service", service, running(recording.result.inventory.workloads, settings.platform));
  if (workload.tier === "data")
    await confirmStack(
      "--confirm",
      project.stack,
      `While ${service} of stack ${project.stack} restarts, no service can read or write what it holds.`,
      options.confirm,
    );
  const runtime = await system.createRuntime(project);
  await runtime.require();
  await refuseOtherPlace(project, runtime, {}, system.knownState);
  const start = performance.now();
  await withLock([runtime.lock(project)], { stack: project.stack, command: "restart" }, async () => {
    await refuseWhileRestoring(project, system.openBackupHost);
    const timeoutMs = seconds(options.timeout as Duration) * 1000;
    await runtime.operations.restart(workload, { timeoutMs, report: note });
  });
  const took = secondsSince(start);
  if (options.json === true) printJson({ stack: project.stack, service, state: "healthy", seconds: took });
  else print(`${service} is healthy after ${took} s`);
}
