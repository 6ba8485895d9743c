import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { finished } from "../run/process.ts";
import { docker, type TestProject } from "./e2e.ts";

/** Every process below one, children before grandchildren. */
function descendants(pid: number): number[] {
  const children = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((candidate) => parentOf(candidate) === pid);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return undefined;
  }
}

/** Starts a command, waits until the moment, and kills it with its engine and providers without a word. */
export async function killAt(
  project: TestProject,
  args: readonly string[],
  moment: () => Promise<unknown>,
): Promise<string> {
  const child = project.start(args);
  const end = finished(child);
  await Promise.race([moment(), end]);
  if (child.exitCode !== null) throw new Error(`the command ended before it was to be killed: ${(await end).stderr}`);
  killAll(child.pid ?? 0);
  return (await end).stderr;
}

/** Kills a command a moment after it printed a line, and what runs for it in a container with a command of Docker's, where one is given. */
export async function killAfter(
  project: TestProject,
  args: readonly string[],
  line: RegExp,
  milliseconds: number,
  container?: readonly string[],
): Promise<void> {
  const child = project.start(args);
  const end = finished(child);
  await printed(child, line);
  await sleep(milliseconds);
  child.kill("SIGKILL");
  if (container !== undefined) await docker(...container);
  const { code, stdout } = await end;
  // One that ended before the kill proves nothing.
  if (code !== -1 || stdout !== "") throw new Error(`the command ended with ${code} before it was to be killed`);
}

/** When a command is killed: so many milliseconds after its start, or after it printed a line. */
export interface KillMoment {
  readonly after?: RegExp;
  /** @default 0 */
  readonly milliseconds?: number;
}

/** What came of a command that something was done to. */
export interface Killed {
  /** Whether it had ended before. */
  readonly ended: boolean;
  /** Its exit code, -1 where it was killed. */
  readonly code: number;
  /** How long it ran, in milliseconds. */
  readonly took: number;
}

/** Does something at a moment of a command, and kills it at once with its engine, or lets it come to its own end. */
export async function killDuring(
  project: TestProject,
  args: readonly string[],
  { after, milliseconds = 0 }: KillMoment,
  more: () => Promise<unknown> = () => Promise.resolve(),
  kills = true,
): Promise<Killed> {
  const start = performance.now();
  const child = project.start(args);
  const end = finished(child);
  const reached = after === undefined ? Promise.resolve() : printed(child, after).catch(() => undefined);
  await Promise.race([reached.then(() => sleep(milliseconds)), end]);
  const ended = child.exitCode !== null;
  const did = more();
  if (kills && !ended) killAll(child.pid ?? 0);
  const [{ code }] = await Promise.all([end, did]);
  return { ended, code, took: performance.now() - start };
}

function killAll(root: number): void {
  for (const pid of [root, ...descendants(root)])
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself meanwhile.
    }
}

function printed(child: ChildProcess, line: RegExp): Promise<void> {
  let text = "";
  return new Promise((resolve, reject) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (line.test(text)) resolve();
    });
    child.once("close", () => {
      reject(new Error(`it ended before it printed ${line.source}:\n${text}`));
    });
  });
}

/** Resolves when a condition holds. */
export async function until(condition: () => Promise<boolean>, timeoutMs = 180_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error("waited in vain");
    await sleep(200);
  }
}
