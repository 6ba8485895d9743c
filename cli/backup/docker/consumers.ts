import type Docker from "dockerode";
import { reasonOf } from "../../kit/exit.ts";
import { note } from "../../kit/output.ts";
import { allOf } from "../../kit/settled.ts";

/** The engine's answer for a container that is already as it should be. */
const UNCHANGED = 304;
const MISSING = 404;

/**
 * Stops containers and returns what starts all of them again. One that is
 * missing counts as stopped.
 * @throws when one does not stop; what ran until now runs again then
 */
export async function stopContainers(docker: Docker, names: readonly string[]): Promise<() => Promise<void>> {
  const stopped = new Set<string>();
  const stop = async (name: string) => {
    if ((await answerOf(docker.getContainer(name).stop())) === undefined) stopped.add(name);
  };
  try {
    await allOf(names.map(stop));
  } catch (error) {
    // Others were down before: on data that is half swapped they must stay so.
    const running = names.filter((name) => stopped.has(name));
    await startContainers(docker, running).catch((problem: unknown) => {
      note(reasonOf(problem));
    });
    throw error;
  }
  return () => startContainers(docker, names);
}

/**
 * Starts all in their order: one that does not start must not keep the others down.
 * @throws the first problem
 */
export async function startContainers(docker: Docker, names: readonly string[]): Promise<void> {
  const problems: unknown[] = [];
  for (const name of names)
    try {
      if ((await answerOf(docker.getContainer(name).start())) === MISSING)
        note(`container ${name} is missing; \`npm run up\` makes it`);
    } catch (problem) {
      problems.push(problem);
    }
  if (problems.length > 0) throw problems[0];
}

/** Nothing where the engine did it, or its answer where there was nothing to do. */
async function answerOf(call: Promise<unknown>): Promise<number | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode !== UNCHANGED && statusCode !== MISSING) throw error;
    return statusCode;
  }
}
