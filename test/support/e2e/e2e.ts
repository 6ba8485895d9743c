import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import { finished, type CommandResult } from "../run/process.ts";
import { engineEnvironment, findEngine } from "../../../cli/engine/find.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const run = promisify(execFile);

/** A project directory of its own, with one stack, driven through the command line as a user would. */
export class TestProject {
  readonly directory: string;
  readonly stack: string;
  /** Everything that any command printed. */
  output = "";

  /** `beside` is a project whose directory and state this stack shares. */
  constructor(
    stack: string,
    settings: Record<string, unknown> = {},
    directory: string = stack,
    main = "index.ts",
    beside?: TestProject,
  ) {
    this.stack = stack;
    this.directory = beside?.directory ?? join(ROOT, ".apprun", "e2e", directory);
    if (beside === undefined) rmSync(this.directory, { recursive: true, force: true });
    mkdirSync(this.directory, { recursive: true });
    const project = {
      name: "apprun",
      main: `../../../${main}`,
      runtime: { name: "nodejs", options: { typescript: false, nodeargs: `--require ${join(ROOT, "start.cjs")}` } },
      backend: { url: "file://./.apprun/state" },
      options: { refresh: "always" },
    };
    writeFileSync(join(this.directory, "Pulumi.yaml"), stringify(project));
    this.configure(settings);
  }

  /** Writes the stack's settings again, and keeps the salt of its passphrase and its secrets. */
  configure(settings: Record<string, unknown>): void {
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`apprun:${key}`, value]));
    const salt = this.#salt === undefined ? {} : { encryptionsalt: this.#salt };
    writeFileSync(
      join(this.directory, `Pulumi.${this.stack}.yaml`),
      // In one line or literal: `pulumi config set` writes a folded text again with one more empty line in it.
      stringify({ config: { ...config, ...this.#secrets }, ...salt }, { lineWidth: 0 }),
    );
  }

  #salt: string | undefined;
  #secrets: Record<string, unknown> = {};

  /** Remembers what the engine added to the stack file. */
  async rememberSalt(): Promise<void> {
    const { readFile } = await import("node:fs/promises");
    const text = await readFile(join(this.directory, `Pulumi.${this.stack}.yaml`), "utf8");
    const { config, encryptionsalt } = parse(text) as { config?: Record<string, unknown>; encryptionsalt?: string };
    this.#salt = encryptionsalt;
    this.#secrets = Object.fromEntries(
      // Each for itself, or as parts of a map such as apprun:secrets.
      Object.entries(config ?? {}).filter(([, value]) => isSecure(value) || partsOf(value).some(isSecure)),
    );
  }

  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    // What comes after "--" belongs to the command that runs inside.
    const end = args.includes("--") ? args.indexOf("--") : args.length;
    const own = [...args.slice(0, end), "--stack", this.stack, "--cwd", this.directory, ...args.slice(end)];
    return spawn(process.execPath, [join(ROOT, "cli/bin.mjs"), ...own], {
      cwd: ROOT,
      env: { ...cleanEnvironment(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  async cli(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
    const result = await finished(this.start(args, env));
    this.output += result.stdout + result.stderr;
    return result;
  }

  /** Runs a command that is about no stack. */
  cliAnywhere(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
    return finished(
      spawn(process.execPath, [join(ROOT, "cli/bin.mjs"), ...args, "--cwd", this.directory], {
        cwd: ROOT,
        env: { ...cleanEnvironment(), ...env },
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );
  }

  /** Runs the engine's own command, as somebody would by hand. */
  pulumi(args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
    return this.pulumiAnywhere([...args, "--stack", this.stack], more);
  }

  /** The same for a command that takes no stack. */
  async pulumiAnywhere(args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
    const engine = await findEngine();
    if ("missing" in engine) throw new Error(engine.missing);
    // Below npm, "pulumi" alone would be the npm package's program.
    const env = {
      ...cleanEnvironment(),
      ...engineEnvironment(engine),
      // Without it `preview --json` prints no events, and so nothing of policies.
      PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
      PULUMI_CONFIG_PASSPHRASE_FILE: join(this.directory, ".apprun", "passphrase"),
      ...more,
    };
    const result = await finished(
      spawn("pulumi", args, { cwd: this.directory, env, stdio: ["ignore", "pipe", "pipe"] }),
    );
    return result;
  }
}

const partsOf = (value: unknown): readonly unknown[] =>
  typeof value === "object" && value !== null ? Object.values(value) : [];
const isSecure = (value: unknown) => typeof value === "object" && value !== null && "secure" in value;

/** Without what a developer's own shell may carry. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const {
    PULUMI_BACKEND_URL: _backend,
    PULUMI_CONFIG_PASSPHRASE: _passphrase,
    PULUMI_CONFIG_PASSPHRASE_FILE: _file,
    ...env
  } = process.env;
  return { ...env, NO_COLOR: "1" };
}

/** Runs the Docker command line and returns its output. */
export async function docker(...args: string[]): Promise<string> {
  const { stdout, stderr } = await run("docker", args, { maxBuffer: 256 * 1024 * 1024 });
  return args[0] === "logs" ? stdout + stderr : stdout;
}

/** Id and start time of each container of a stack, by name. */
export async function containers(stack: string): Promise<Record<string, string>> {
  const ids = (await docker("ps", "-aq", "--filter", `label=io.apprun.stack=apprun/${stack}`))
    .split("\n")
    .filter((id) => id !== "");
  if (ids.length === 0) return {};
  const lines = (await docker("inspect", "--format", "{{.Name}} {{.Id}} {{.State.StartedAt}}", ...ids))
    .trim()
    .split("\n");
  return Object.fromEntries(lines.map((line) => [line.slice(1, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]));
}

/** Names whose container is another or was started again. */
export function changedContainers(before: Record<string, string>, after: Record<string, string>): readonly string[] {
  return Object.keys({ ...before, ...after })
    .filter((name) => before[name] !== after[name])
    .sort();
}

/** Asks the proxy for a page by host name. */
export async function get(
  port: number,
  host: string,
  path: string,
  init: { method?: string; body?: string; address?: string; login?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: string }> {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: init.address ?? "127.0.0.1",
        port,
        path,
        method: init.method ?? "GET",
        headers: { ...init.headers, Host: host },
        ...(init.login !== undefined && { auth: init.login }),
        agent: false,
        timeout: 10_000,
      },
      (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => (body += chunk.toString()));
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, body });
        });
      },
    );
    call.on("error", reject);
    call.end(init.body);
  });
}

/** Removes everything of a stack from Docker, whatever its state file says. */
export async function wipe(stack: string): Promise<void> {
  const filter = `label=io.apprun.stack=apprun/${stack}`;
  const list = async (...args: string[]) =>
    (await docker(...args, "--filter", filter)).split("\n").filter((id) => id !== "");
  const ids = await list("ps", "-aq");
  if (ids.length > 0) await docker("rm", "-f", "-v", ...ids);
  const networks = await list("network", "ls", "-q");
  if (networks.length > 0) await docker("network", "rm", ...networks);
  const volumes = await list("volume", "ls", "-q");
  if (volumes.length > 0) await docker("volume", "rm", ...volumes);
}

/** The smallest stack that has everything: PR stacks run many to a host. */
export const SMALL = {
  images: { pins: { apprun: { tag: "1.0.0" } } },
  app: {
    storage: "100Mi",
    readyTimeout: "30s",
    resources: { requests: { cpu: "50m", memory: "32Mi" }, limits: { memory: "128Mi" } },
  },
  postgres: { storage: "200Mi", resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } } },
  cache: {
    maxMemory: "32Mi",
    storage: "100Mi",
    resources: { requests: { memory: "16Mi" }, limits: { memory: "64Mi" } },
  },
  prometheus: { storage: "200Mi" },
  grafana: { storage: "100Mi" },
};
