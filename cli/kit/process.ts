import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** What tells one process from every other that has its number: on another machine, in another container, after a reboot. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** The machine's own id. `@default -` it has none that can be read */
  readonly machine?: string | undefined;
  /** Of the kernel that runs, another one after each reboot. `@default -` not Linux */
  readonly boot?: string | undefined;
  /** In which numbers of processes count. `@default -` not Linux */
  readonly namespace?: string | undefined;
  /** When it started, in ticks since the boot. `@default -` not Linux */
  readonly start?: string | undefined;
}

/** The namespace of a host itself; a container has one of its own. */
const HOST_NAMESPACE = "pid:[4026531836]";

/** This process. */
export function thisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    host: hostname(),
    machine: text("/etc/machine-id"),
    boot: text("/proc/sys/kernel/random/boot_id"),
    namespace: namespaceOfThis(),
    start: startOf(process.pid),
  };
}

/** Whether a process is gone for sure, as seen from this one or from `here`. */
export function isGone(process: ProcessIdentity, here: ProcessIdentity = thisProcess()): boolean {
  const { pid, host, machine, boot, namespace, start } = process;
  // Images of machines are copied with their names and ids, so nothing less than all of them names one.
  if (host !== here.host || machine !== here.machine || namespace !== here.namespace) return false;
  if (boot !== here.boot) return machine !== undefined && namespace === HOST_NAMESPACE;
  if (!exists(pid)) return true;
  const now = startOf(pid);
  return start !== undefined && now !== undefined && now !== start;
}

/** Whether there is a process of this number that is not only waiting to be reaped. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Everything else, such as EPERM for a process of another user, comes from one that is there.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
  return statOf(pid)?.[0] !== "Z";
}

/** When a process started, in milliseconds since 1970; nothing where that cannot be known. */
export function startTime(pid: number): number | undefined {
  const [ticks, boot] = [startOf(pid), /^btime (\d+)$/m.exec(text("/proc/stat") ?? "")?.[1]];
  return ticks === undefined || boot === undefined ? undefined : (Number(boot) + Number(ticks) / TICKS) * 1000;
}

/** A second, as Linux tells it to programs on every architecture that Node runs on. */
const TICKS = 100;

function startOf(pid: number): string | undefined {
  return statOf(pid)?.[19];
}

/** Fields of /proc/PID/stat from the third on: the second is a name in parentheses, which may have any sign in it. */
function statOf(pid: number): readonly string[] | undefined {
  const stat = text(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function namespaceOfThis(): string | undefined {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return undefined;
  }
}

function text(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}
