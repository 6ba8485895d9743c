import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const ATTEMPTS = 60;

/** Whether this machine can start a Docker Engine beside the one that runs; the tests that need it are skipped by name otherwise. */
export async function canStartEngine(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  return run("dockerd", ["--version"]).then(
    () => true,
    () => false,
  );
}

/** A Docker Engine with a directory, a socket and images of its own. It leaves the machine's firewall alone, so it publishes by its own proxy. */
export class SecondEngine {
  readonly #directory = mkdtempSync(join(tmpdir(), "engine-"));
  readonly #process: ChildProcess;
  /** Of its own: an engine that is told to have none deletes `docker0`, which is the first engine's. */
  readonly #bridge = `apprun${process.pid % 1_000_000}`;
  /** Address for `apprun:docker.host`. */
  readonly host = `unix://${this.#directory}/docker.sock`;

  /** `more` are further arguments of `dockerd`. */
  constructor(...more: readonly string[]) {
    const own = (name: string) => join(this.#directory, name);
    const places = [
      "--data-root",
      own("data"),
      "--exec-root",
      own("exec"),
      "--pidfile",
      own("pid"),
      "--host",
      this.host,
    ];
    execFileSync("ip", ["link", "add", this.#bridge, "type", "bridge"]);
    execFileSync("ip", ["address", "add", "10.213.77.1/24", "dev", this.#bridge]);
    const network = [`--bridge=${this.#bridge}`, "--iptables=false", "--ip6tables=false"];
    this.#process = spawn("dockerd", [...places, ...network, ...more], { stdio: "ignore" });
  }

  /** Waits for it and gives it images of the first engine. */
  async ready(images: readonly string[]): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.docker("version");
        break;
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
        await sleep(1000);
      }
    }
    if (images.length === 0) return;
    await run("sh", ["-c", 'docker save "$@" | DOCKER_HOST="$HOST" docker load', "sh", ...images], {
      env: { ...process.env, HOST: this.host },
    });
  }

  /** Runs Docker's command line on it. */
  async docker(...args: readonly string[]): Promise<string> {
    return (await run("docker", args, { env: { ...process.env, DOCKER_HOST: this.host } })).stdout;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill();
    await ended;
    await run("ip", ["link", "delete", this.#bridge]).catch(() => undefined);
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
