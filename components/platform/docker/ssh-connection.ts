import { spawn, type ChildProcessByStdio } from "node:child_process";
import { Agent } from "node:http";
import type { Socket } from "node:net";
import { Duplex, type Readable, type Writable } from "node:stream";
import { dockerSshArguments, dockerSshError, SshError, type SshAddress } from "./ssh-command.ts";

/** Logins at the same time. sshd drops new ones at ten that are not done yet (MaxStartups), and the engine's provider makes some too. */
const LOGINS = 4;

/** Connections to one engine: enough for a stream of each service at once. A request beyond waits for one that is free, because a login takes longer than an answer. */
const CONNECTIONS = 24;

/** Connections to an engine, each by a process of the ssh program; one that is idle is used again. */
export class SshAgent extends Agent {
  readonly #address: SshAddress;
  #free = LOGINS;
  readonly #waiting: (() => void)[] = [];

  constructor(address: SshAddress) {
    super({ keepAlive: true, maxSockets: CONNECTIONS });
    this.#address = address;
  }

  override createConnection(): Duplex {
    return new SshConnection(this.#address, () => this.#login());
  }

  /** Waits for its turn to log in, and returns what ends the turn. */
  async #login(): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let over = false;
    return () => {
      if (over) return;
      over = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    };
  }
}

/** One such process as what HTTP takes for a socket. */
class SshConnection extends Duplex {
  readonly #address: SshAddress;
  readonly #turn: () => Promise<() => void>;
  #process: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
  #idle = false;

  constructor(address: SshAddress, turn: () => Promise<() => void>) {
    super();
    this.#address = address;
    this.#turn = turn;
  }

  override _construct(done: (error?: Error | null) => void): void {
    void this.#turn().then((endTurn) => {
      this.#start(endTurn);
      done();
    });
  }

  #start(endTurn: () => void): void {
    const process = spawn("ssh", dockerSshArguments(this.#address), { stdio: ["pipe", "pipe", "pipe"] });
    this.#process = process;
    let said = "";
    process.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    process.stdout.once("data", endTurn);
    process.stdout.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) process.stdout.pause();
    });
    // Why it ended is known when it has ended: a broken pipe alone says nothing.
    process.stdin.on("error", () => undefined);
    process.once("error", () => {
      endTurn();
      this.destroy(new SshError("there is no program ssh on this machine", "install OpenSSH's client"));
    });
    process.once("close", (code) => {
      endTurn();
      if (code === 0 || this.#idle) this.push(null);
      else this.destroy(dockerSshError(this.#address, said));
    });
    if (this.#idle) this.unref();
  }

  override _read(): void {
    this.#process?.stdout.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: () => void): void {
    this.#process?.stdin.write(chunk, encoding, () => {
      done();
    });
  }

  override _final(done: () => void): void {
    this.#process?.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#process?.kill();
    done(error);
  }

  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  /** An idle connection does not keep the program alive. */
  unref(): this {
    this.#idle = true;
    for (const part of this.#parts()) part?.unref?.();
    return this;
  }

  ref(): this {
    this.#idle = false;
    for (const part of this.#parts()) part?.ref?.();
    return this;
  }

  /** The process and its pipes, which are sockets although their types do not say so. */
  #parts(): readonly (Partial<Pick<Socket, "ref" | "unref">> | undefined)[] {
    const process = this.#process;
    return [process, process?.stdin, process?.stdout, process?.stderr] as Partial<Socket>[];
  }
}
