import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { docker, SMALL, TestProject, wipe } from "../support/e2e.js";
import { EngineProxy } from "../support/engine-proxy.js";

const STACK = "pr-804";
const SETTINGS = { ...SMALL, backup: { enabled: true } };
const project = new TestProject(STACK, SETTINGS);
const engine = new EngineProxy();
const name = (service: string) => `apprun-${STACK}-${service}`;
const LABEL = `io.apprun.stack=apprun/${STACK}`;

/** Nobody has this process id: it is above the largest that Linux gives. */
const DEAD = 4_194_305;
const LOCKS = join(project.directory, ".apprun", "state", ".pulumi", "locks", "organization", "apprun", STACK);

interface Fault {
  /** Plants it; or settings and environment that have it. */
  readonly plant?: () => Promise<unknown>;
  readonly undo?: () => Promise<unknown>;
  readonly settings?: Record<string, unknown>;
  readonly env?: NodeJS.ProcessEnv;
  /** Answers of the engine that are changed. */
  readonly answers?: Record<string, Record<string, unknown>>;
  /** Every finding: severity, check and message. Whatever else is found fails the test. */
  readonly finds: readonly (string | RegExp)[];
}

const stray = (...args: string[]) => docker("create", "--name", name("stray"), "--label", LABEL, ...args, "postgres:17-alpine");
const withoutStray = () => docker("rm", "-f", name("stray"));
const STRAY = `warning containers: container ${name("stray")} carries the stack's label and is not in the model`;
const healthy = (service: string) =>
  expect
    .poll(async () => (await docker("inspect", "--format", "{{.State.Health.Status}}", name(service))).trim(), { timeout: 60_000, interval: 500 })
    .toBe("healthy");

/** Writes what the backup service would have told after such runs, in seconds since the epoch. */
function withBackups(success: number, proven: number, ok: number): Promise<string> {
  const lines = [
    `last_success_timestamp_seconds{repository="local"} ${success}`,
    `last_proven_timestamp_seconds ${proven}`,
    `last_run_success{task="backup"} ${ok}`,
    'last_run_success{task="drill"} 1',
  ];
  const text = lines.map((line) => `apprun_backup_${line}`).join("\n");
  return docker("exec", name("backup"), "sh", "-c", `rm -f /backup-metrics/backup.prom; printf '%s\n' '${text}' >/backup-metrics/backup.prom`);
}
const withoutBackups = () => docker("exec", name("backup"), "rm", "-f", "/backup-metrics/backup.prom");
const now = () => Math.floor(Date.now() / 1000);

const FAULTS: Record<string, Fault> = {
  "a service that was stopped": {
    plant: () => docker("stop", name("grafana")),
    undo: async () => {
      await docker("start", name("grafana"));
      await healthy("grafana");
    },
    finds: [/^error containers: grafana: container apprun-pr-804-grafana is exited \(\d+\)$/],
  },
  "a service that was paused": {
    plant: () => docker("pause", name("temporal-ui")),
    undo: async () => {
      await docker("unpause", name("temporal-ui"));
      await healthy("temporal-ui");
    },
    finds: [`error containers: container ${name("temporal-ui")} is paused`],
  },
  "a container that is gone, and one that nobody asked for": {
    plant: () => docker("rename", name("temporal-ui"), name("stray")),
    undo: () => docker("rename", name("stray"), name("temporal-ui")),
    finds: [`error containers: temporal-ui: container ${name("temporal-ui")} is missing`, STRAY],
  },
  "a limit that was changed by hand": {
    plant: () => docker("update", "--memory", "100m", "--memory-swap", "100m", name("apprun")),
    undo: () => docker("update", "--memory", "128m", "--memory-swap", "128m", name("apprun")),
    finds: [`error containers: container ${name("apprun")}: its memory limit is 100Mi; the model says 128Mi`],
  },
  "a restart policy that was changed by hand": {
    plant: () => docker("update", "--restart", "no", name("kratos")),
    undo: () => docker("update", "--restart", "unless-stopped", name("kratos")),
    finds: [`error containers: container ${name("kratos")}: its restart policy is no; the model says unless-stopped`],
  },
  "a network that was taken away": {
    plant: () => docker("network", "disconnect", name("backend"), name("grafana")),
    undo: () => docker("network", "connect", "--alias", "grafana", name("backend"), name("grafana")),
    finds: [`error containers: container ${name("grafana")}: its list of networks is empty; the model says ${name("backend")}`],
  },
  "a default secret in an environment": {
    plant: () => stray("--env", "POSTGRES_PASSWORD=password"),
    undo: withoutStray,
    finds: [
      STRAY,
      `error policies: secret-strength: container "${name("stray")}": got for POSTGRES_PASSWORD a default that everybody knows; allowed: generated secrets of 16 characters or more`,
      `error policies: secret-not-in-env: container "${name("stray")}": got a secret in POSTGRES_PASSWORD; allowed: a file below /run/secrets, or a reference to a Kubernetes Secret`,
    ],
  },
  "a database on a public port": {
    plant: () => stray("--publish", "18432:5432"),
    undo: withoutStray,
    finds: [
      STRAY,
      `error policies: no-public-data-port: container "${name("stray")}": got PostgreSQL on 0.0.0.0:18432; allowed: 127.0.0.1, or no port at all`,
      `error policies: only-proxy-public: container "${name("stray")}": got a public port, 0.0.0.0:18432; allowed: the service "proxy"`,
    ],
  },
  "a privileged container with the Docker socket": {
    plant: () => stray("--privileged", "--volume", "/var/run/docker.sock:/var/run/docker.sock"),
    undo: withoutStray,
    finds: [
      STRAY,
      `error policies: no-privileged: container "${name("stray")}": got privileged; allowed: containers without it`,
      `error policies: no-host-paths: container "${name("stray")}": got the Docker socket /var/run/docker.sock; allowed: named volumes and uploaded files`,
    ],
  },
  "another image than the model's": {
    settings: { images: { pins: { apprun: { tag: "1.1.0" } } } },
    finds: [`error containers: container ${name("apprun")}: its image is websoft9/apprun:1.0.0; the model says websoft9/apprun:1.1.0`],
  },
  "another environment than the model's": {
    settings: { app: { ...SMALL.app, logLevel: "debug" } },
    finds: [`error containers: container ${name("apprun")}: its environment is another for LOG_LEVEL; the model says otherwise`],
  },
  "another port than the model's": {
    settings: { proxy: { port: 18_804 } },
    finds: [
      `error containers: container ${name("proxy")}: its list of ports on the host is 127.0.0.1:10804->8000; the model says 127.0.0.1:18804->8000`,
      `error containers: container ${name("grafana")}: its environment is another for GF_SERVER_ROOT_URL; the model says otherwise`,
    ],
  },
  "a backup that is overdue": {
    plant: () => withBackups(1_700_000_000, now(), 1),
    undo: withoutBackups,
    finds: [/^error backups: the local repository: the newest backup set is of 2023-11-14T22:13:20Z; one was due at \d{4}-\d\d-\d\dT02:30:00Z$/],
  },
  "a set that no drill has restored": {
    plant: () => withBackups(now(), 1_700_000_000, 1),
    undo: withoutBackups,
    finds: [/^warning backups: no drill has restored a set since \d{4}-\d\d-\d\dT04:00:00Z, when one was due$/],
  },
  "a backup that failed": {
    plant: () => withBackups(now(), now(), 0),
    undo: withoutBackups,
    finds: ["error backups: the last backup failed"],
  },
  "a lock whose owner is gone": {
    plant: () => {
      mkdirSync(LOCKS, { recursive: true });
      writeFileSync(join(LOCKS, "stale.json"), JSON.stringify({ pid: DEAD, hostname: hostname() }));
      return Promise.resolve();
    },
    undo: () => {
      rmSync(join(LOCKS, "stale.json"));
      return Promise.resolve();
    },
    finds: [`warning locks: process ${DEAD}, which holds the lock of the state, is gone`],
  },
  "bad settings": {
    settings: { app: { replicas: 99 } },
    finds: [`error settings: Pulumi.${STACK}.yaml has 1 problem:\n  apprun:app.replicas: got 99; allowed: a whole number from 1 to 20; change it`],
  },
  "no engine, and no plugins": {
    env: { PATH: "/usr/bin:/bin", PULUMI_HOME: "/nonexistent", HOME: "/nonexistent" },
    finds: [
      /^error engine: missing a Pulumi CLI >=3\.258\.0 <4 /,
      /^warning engine: plugin docker 5\.2\.0 is not in \/nonexistent\/plugins; /,
      /^warning engine: plugin random 4\.21\.2 is not in \/nonexistent\/plugins; /,
    ],
  },
  "a domain that does not resolve": {
    settings: { domain: "nowhere.invalid" },
    finds: [
      `error containers: container ${name("grafana")}: its environment is another for GF_SERVER_ROOT_URL; the model says otherwise`,
      ...["", "api.", "auth.", "grafana.", "prometheus.", "alertmanager.", "temporal."].map(
        (host) => `error dns: host name ${host}nowhere.invalid does not resolve`,
      ),
    ],
  },
  "no Docker": {
    settings: { docker: { host: "unix:///nonexistent/docker.sock" } },
    finds: ["error host: no Docker Engine answers at unix:///nonexistent/docker.sock (connect ENOENT /nonexistent/docker.sock)"],
  },
  "an old Docker": {
    answers: { "/version": { ApiVersion: "1.39" } },
    finds: ["error host: Docker Engine: got API version 1.39; allowed: 1.41 or newer (Docker Engine 20.10)"],
  },
  "a clock that is wrong": {
    answers: { "/info": { SystemTime: "2020-01-01T00:00:00Z" } },
    finds: [/^error host: the host's clock is \d+ s from this machine's; at most 10 s are allowed$/],
  },
  "too little memory": {
    answers: { "/info": { MemTotal: 1024 ** 3 } },
    finds: [/^error host: memory: the host has 1Gi; allowed: at least [\d.]+Gi, the sum of the services' limits$/],
  },
};

interface Report {
  readonly findings: readonly { readonly severity: string; readonly check: string; readonly message: string; readonly remedy: string }[];
}

async function doctor(settings: Record<string, unknown> = {}, env: NodeJS.ProcessEnv = {}) {
  project.configure({ ...SETTINGS, docker: { host: engine.host }, ...settings });
  const { code, stdout, stderr } = await project.cli(["doctor", "--json"], env);
  try {
    return { code, findings: (JSON.parse(stdout) as Report).findings };
  } catch {
    throw new Error(stderr);
  }
}

describe("doctor", () => {
  beforeAll(async () => {
    await wipe(STACK);
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    await project.rememberSalt();
  });
  afterAll(async () => {
    engine.stop();
    project.configure(SETTINGS);
    await project.cli(["destroy", "--remove-data", "--confirm", STACK]);
    await wipe(STACK);
  });

  it("is quiet on a healthy stack", async () => {
    expect(await doctor()).toEqual({ code: 0, findings: [] });
    expect((await project.cli(["doctor"])).stdout).toBe(`stack ${STACK}: nothing found\n`);
  });

  it.each(Object.entries(FAULTS))("finds %s, and nothing else", async (_, { plant, undo, settings, env, answers = {}, finds }) => {
    await plant?.();
    engine.changes = answers;
    try {
      const { code, findings } = await doctor(settings, env);
      const lines = findings.map(({ severity, check, message }) => `${severity} ${check}: ${message}`);
      expect(lines).toHaveLength(finds.length);
      for (const [index, line] of lines.entries()) {
        const expected = finds[index] ?? "";
        if (typeof expected === "string") expect(line).toBe(expected);
        else expect(line).toMatch(expected);
      }
      for (const { remedy } of findings) expect(remedy.length).toBeGreaterThan(2);
      expect(code).toBe(findings.some(({ severity }) => severity === "error") ? 1 : 0);
    } finally {
      await undo?.();
    }
  });

  it("is quiet again after all that", async () => {
    engine.changes = {};
    expect(await doctor()).toEqual({ code: 0, findings: [] });
  });
});
