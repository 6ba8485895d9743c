import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const SSHD = "/usr/sbin/sshd";
const SSH = "/usr/bin/ssh";
const ATTEMPTS = 100;

/** Whether this machine can start an SSH server; the tests that need one are skipped by name otherwise. */
export function canStartSshServer(): boolean {
  return process.getuid?.() === 0 && existsSync(SSHD) && existsSync(SSH);
}

/** OpenSSH's server on the loopback that lets root in by one key, and a client's configuration with the alias `docker-host`. */
export class SshServer {
  readonly port: number;
  readonly #directory = mkdtempSync(join(tmpdir(), "sshd-"));
  readonly #sessions: Readonly<Record<string, string>>;
  #process: ChildProcess | undefined;

  /** `sessions` are variables of whatever runs there. */
  constructor(port: number, sessions: Readonly<Record<string, string>> = {}) {
    this.port = port;
    this.#sessions = sessions;
  }

  async start(): Promise<void> {
    for (const key of ["host", "user", "other"])
      await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", this.#path(key)]);
    writeFileSync(this.#path("authorized_keys"), this.#read("user.pub"));
    writeFileSync(
      this.#path("sshd_config"),
      [
        `Port ${this.port}`,
        "ListenAddress 127.0.0.1",
        `HostKey ${this.#path("host")}`,
        `AuthorizedKeysFile ${this.#path("authorized_keys")}`,
        `PidFile ${this.#path("pid")}`,
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "StrictModes no",
        "UsePAM no",
        "LogLevel VERBOSE",
        ...(Object.keys(this.#sessions).length === 0
          ? []
          : [
              `SetEnv ${Object.entries(this.#sessions)
                .map(([name, value]) => `${name}=${value}`)
                .join(" ")}`,
            ]),
      ].join("\n"),
    );
    // The client that finds its configuration here stands first on PATH: ssh takes the home directory from the system.
    mkdirSync(this.#path("bin"));
    writeFileSync(this.#path("bin/ssh"), `#!/bin/sh\nexec ${SSH} -F ${this.#path("config")} "$@"\n`, { mode: 0o755 });
    writeFileSync(
      this.#path("config"),
      [
        "Host docker-host",
        "  HostName 127.0.0.1",
        `  Port ${this.port}`,
        "  User root",
        "Host *",
        `  UserKnownHostsFile ${this.#path("known_hosts")}`,
        `  IdentityFile ${this.#path("user")}`,
        "  IdentitiesOnly yes",
      ].join("\n"),
    );
    this.know("host");
    // sshd insists on this directory.
    mkdirSync("/run/sshd", { recursive: true });
    this.#process = spawn(SSHD, ["-D", "-f", this.#path("sshd_config"), "-E", this.#path("log")], { stdio: "ignore" });
    for (let attempt = 0; !(await answers(this.port)); attempt += 1) {
      if (attempt === ATTEMPTS) throw new Error(`sshd does not answer: ${this.log()}`);
      await sleep(100);
    }
  }

  /** Which key the client knows the server by: its own, another one, or none. */
  know(key: "host" | "other" | undefined): void {
    const line = key === undefined ? "" : `[127.0.0.1]:${this.port} ${this.#read(`${key}.pub`)}`;
    writeFileSync(this.#path("known_hosts"), line);
  }

  /** What makes a program use the client. */
  get environment(): NodeJS.ProcessEnv {
    return { PATH: [this.#path("bin"), process.env["PATH"] ?? ""].join(delimiter) };
  }

  /** What the server wrote. */
  log(): string {
    return existsSync(this.#path("log")) ? this.#read("log") : "";
  }

  async stop(): Promise<void> {
    if (this.#process !== undefined) {
      const ended = new Promise((resolve) => this.#process?.once("exit", resolve));
      this.#process.kill();
      await ended;
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }

  #read(name: string): string {
    return readFileSync(this.#path(name), "utf8");
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1")
      .once("connect", () => {
        socket.destroy();
        resolve(true);
      })
      .once("error", () => {
        resolve(false);
      });
  });
}
