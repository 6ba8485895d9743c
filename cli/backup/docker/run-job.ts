import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { seconds, type Duration } from "../../../components/model/units.ts";
import { CliError } from "../../kit/exit.ts";

/** Seconds that a job has to stop by itself. */
const GRACE = 10;

/**
 * Starts a job's container again and waits for its end. One that hangs must not
 * keep the services down for ever: it has the time that an update gives it.
 * @throws CliError when it fails or does not end in time; it does not run any more then
 */
export async function runJob(docker: Docker, instance: string, timeout: Duration): Promise<void> {
  const container = docker.getContainer(instance);
  await container.start();
  const timer = new AbortController();
  const late = sleep(seconds(timeout) * 1000, undefined, { signal: timer.signal }).then(
    () => undefined,
    () => undefined,
  );
  try {
    const end = await Promise.race([container.wait() as Promise<{ StatusCode: number }>, late]);
    if (end === undefined) {
      await container.stop({ t: GRACE });
      throw new CliError({
        happened: `job ${instance} did not end within ${timeout} and was stopped`,
        fix: `look at: docker logs ${instance}`,
      });
    }
    if (end.StatusCode !== 0)
      throw new CliError({
        happened: `job ${instance} ended with exit code ${end.StatusCode}`,
        fix: `look at: docker logs ${instance}`,
      });
  } finally {
    timer.abort();
  }
}
