import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { thisProcess, type ProcessIdentity } from "../../kit/process.ts";

/** The command that holds a stack, and whose it is. */
export interface Holder extends ProcessIdentity {
  /** Tells this run from every other. */
  readonly token: string;
  readonly user: string;
  /** In UTC, such as `2026-11-21T02:30:15Z`. */
  readonly since: string;
  readonly command: string;
}

/** Where the lock of one stack is: at the runtime, so that every machine sees it. */
export interface LockStore {
  /** Writes down this holder where there is none, in one step. Returns who holds the stack then. */
  take(holder: Holder): Promise<Holder>;
  read(): Promise<Holder | undefined>;
  /** Removes the lock where this holder has it, and no other. */
  release(holder: Holder): Promise<void>;
}

/** This process, as it runs a command. */
export function thisHolder(command: string): Holder {
  const since = `${new Date().toISOString().slice(0, 19)}Z`;
  return { ...thisProcess(), token: randomUUID(), user: userName(), since, command };
}

export function describeHolder({ command, user, host, pid, since }: Holder): string {
  return `\`${command}\` of ${user} on ${host} (process ${pid}) since ${since}`;
}

/** What a store keeps of a holder, as one text. */
export function writeHolder(holder: Holder): string {
  return JSON.stringify(holder);
}

/** The holder that a text names; of a text that is none, one that counts as alive. */
export function readHolder(text: string | undefined): Holder {
  const nobody = { token: "", pid: 0, host: "an unknown host", user: "somebody", since: "some time", command: "?" };
  try {
    return { ...nobody, ...(JSON.parse(text ?? "") as Partial<Holder>) };
  } catch {
    return nobody;
  }
}

/** A user of a container may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}
