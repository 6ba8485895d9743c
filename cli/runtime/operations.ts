import type { Readable, Writable } from "node:stream";
import type { InventoryWorkload } from "../../components/model/inventory.ts";

/** One copy of a service, as the runtime has it now. */
export interface Replica {
  readonly service: string;
  /** What the runtime calls it: a container or a pod. */
  readonly name: string;
  /** Another one after each start, so that a follower sees that it begins again. */
  readonly start: string;
  readonly running: boolean;
}

export interface LogLine {
  /** When it was written, as the runtime says: RFC 3339 with nanoseconds, so that lines can be put in order. */
  readonly time: string;
  readonly text: string;
}

export interface LogRequest {
  /** `@default -` from the beginning */
  readonly since?: Date | undefined;
  /** Only so many of the last lines. `@default -` all */
  readonly tail?: number | undefined;
  /** Whether to wait for more until the replica ends. */
  readonly follow: boolean;
  /** Ends a follower. */
  readonly signal: AbortSignal;
}

export interface ExecRequest {
  readonly command: readonly string[];
  /** Whether the command gets a terminal. */
  readonly tty: boolean;
  /** `@default -` it gets no input */
  readonly stdin?: Readable | undefined;
  /** A terminal has a size. */
  readonly stdout: Writable & Partial<Pick<NodeJS.WriteStream, "rows" | "columns">>;
  readonly stderr: Writable;
}

/** What a replica uses; nothing of what the runtime does not know. */
export interface Usage {
  readonly service: string;
  readonly replica: string;
  /** Thousandths of a core. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
}

/** What operators do by hand with what runs, on either platform. */
export interface Operations {
  /** The copies of a service that are there, in the order of their names. */
  replicas(workload: InventoryWorkload): Promise<readonly Replica[]>;
  /** Hands over what a replica has written, line by line; ends with the replica at the latest. */
  readLog(replica: Replica, request: LogRequest, take: (line: LogLine) => void): Promise<void>;
  /** Runs a command in a replica and returns its exit code. */
  exec(replica: Replica, request: ExecRequest): Promise<number>;
  /**
   * Starts every replica again, one after the other where there are more, and waits for the health of each.
   * @throws CliError when one is not healthy in time; those after it were left alone
   */
  restart(workload: InventoryWorkload, options: RestartOptions): Promise<void>;
  /** What the replicas of these services use now. */
  usage(workloads: readonly InventoryWorkload[]): Promise<readonly Usage[]>;
}

export interface RestartOptions {
  /** Time for one replica to be healthy again. */
  readonly timeoutMs: number;
  /** Told before each replica. */
  readonly report: (text: string) => void;
}
