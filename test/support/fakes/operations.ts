import type { ExecRequest, LogLine, LogRequest, Operations, Replica, Usage } from "../../../cli/runtime/operations.ts";

export interface FakeOperationsArgs {
  /** Names of the replicas that run, by service. */
  readonly replicas: Readonly<Record<string, readonly string[]>>;
  /** What each replica has written, by its name. */
  readonly lines?: Readonly<Record<string, readonly LogLine[]>>;
  readonly usage?: readonly Usage[];
  readonly exitCode?: number;
  /** What a command prints. */
  readonly prints?: (command: readonly string[]) => string;
}

/** Services that run somewhere; `log` has what was asked of them, in order. */
export class FakeOperations implements Operations {
  readonly log: string[] = [];
  readonly #args: FakeOperationsArgs;

  constructor(args: FakeOperationsArgs) {
    this.#args = args;
  }

  replicas({ name: service }: { readonly name: string }): Promise<readonly Replica[]> {
    const names = this.#args.replicas[service] ?? [];
    return Promise.resolve(names.map((name) => ({ service, name, start: "1", running: true })));
  }

  readLog({ name }: Replica, { since, tail }: LogRequest, take: (line: LogLine) => void): Promise<void> {
    const lines = this.#args.lines?.[name] ?? [];
    const wanted = lines.filter(({ time }) => since === undefined || new Date(time) >= since);
    for (const line of wanted.slice(tail === undefined ? 0 : Math.max(0, wanted.length - tail))) take(line);
    return Promise.resolve();
  }

  exec({ name }: Replica, { command, tty, stdout }: ExecRequest): Promise<number> {
    const printed = this.#args.prints?.(command);
    if (printed !== undefined) stdout.write(Buffer.from(printed));
    this.log.push(`exec${tty ? " in a terminal" : ""} in ${name}: ${command.join(" ")}`);
    return Promise.resolve(this.#args.exitCode ?? 0);
  }

  restart({ name }: { readonly name: string }, { timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
    this.log.push(`restart ${name} within ${timeoutMs} ms`);
    return Promise.resolve();
  }

  usage(): Promise<readonly Usage[]> {
    return Promise.resolve(this.#args.usage ?? []);
  }
}
