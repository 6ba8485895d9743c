import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../../cli/kit/record.ts";
import { composeProject } from "../../../cli/render/compose.ts";
import type { RecordedContainer } from "../../../components/platform/docker/container-args.ts";
import { configuration } from "../../../components/services/pgbouncer/config.ts";
import { budget } from "../../../components/stack/budget.ts";
import type { Stack } from "../../../components/stack/stack.ts";
import { CA_CERTIFICATE } from "../../support/fakes/certificate.ts";
import { OPTIONAL_ARROWS } from "../../support/record/arrows.ts";
import { filesOf, recordedFiles } from "../../support/record/monitoring.ts";
import { fromDocker, fromKubernetes } from "../../support/record/parity.ts";
import { inputsOf, settingsOf, stackOf } from "../../support/record/stacks.ts";
import { marked } from "../../everything.ts";

const APP = { dbMaxConnections: 400, replicas: 4, migrate: { command: ["migrate", "up"] } };
const IMAGE = { repository: "example/reports", tag: "1.0.0", uid: 1000, gid: 1000, probeTool: "wget" };
const service = (database: object) => ({
  image: IMAGE,
  port: 80,
  connectsTo: ["postgres"],
  variablesPreset: "apprun",
  database,
});
const ON = {
  pgbouncer: { enabled: true },
  app: APP,
  services: {
    reports: service({ connections: 60, pooled: true }),
    worker: service({ of: "app", connections: 8, pooled: true }),
    mailer: service({ connections: 5 }),
  },
};
const CONTAINER = "docker:index/container:Container";
const INI = "/etc/pgbouncer/pgbouncer.ini";
const USERS = "/run/secrets/pgbouncer-users";
const URL = "/run/secrets/database-url";

const container = (recording: Recording<Stack>, name: string) =>
  inputsOf<RecordedContainer>(recording, CONTAINER, name);
const upload = (recording: Recording<Stack>, name: string, path: string) =>
  container(recording, name).uploads?.find(({ file }) => file === path)?.content;
const database = (recording: Recording<Stack>, name: string) =>
  (container(recording, name).envs ?? []).filter((line) => /^DB_(HOST|PORT|SSLMODE|MAX)/.test(line));
const workload = ({ result }: Recording<Stack>, name: string) =>
  result.inventory.workloads.find((found) => found.name === name);

describe("a stack with PgBouncer", () => {
  let docker: Recording<Stack>;
  beforeAll(async () => {
    docker = await stackOf(ON);
  });

  it("lets the roles that pool share connections, as many as it may, and takes twice their clients", () => {
    const ini = upload(docker, "pgbouncer", INI) ?? "";
    expect(ini).toContain(
      "[databases]\napprun = host=postgres port=5432 dbname=apprun\nreports = host=postgres port=5432 dbname=reports\n",
    );
    expect(ini).toContain("[users]\napprun = pool_size=20\nreports = pool_size=20\nworker = pool_size=8\n");
    for (const line of [
      "pool_mode = transaction",
      // (400 + 60 + 8) * 2, and the console's.
      "max_client_conn = 946",
      "max_prepared_statements = 200",
      "query_wait_timeout = 30",
      "server_tls_sslmode = disable",
    ])
      expect(ini.split("\n")).toContain(line);
  });

  it("knows these roles and who reads its figures, in a secret file, and nobody else", () => {
    expect(upload(docker, "pgbouncer", USERS)).toBe(
      [
        '"apprun" "__secret_postgres-provision-apprun__"',
        '"reports" "__secret_postgres-provision-reports__"',
        '"worker" "__secret_postgres-provision-worker__"',
        '"pgbouncer_stats" "__secret_pgbouncer-stats__"',
        "",
      ].join("\n"),
    );
    const { envs, command, entrypoints } = container(docker, "pgbouncer");
    expect({ envs, command, entrypoints }).toEqual({ envs: [], command: [INI], entrypoints: ["pgbouncer"] });
  });

  it("is stopped by the signal that waits for transactions and for nobody else", () => {
    expect(container(docker, "pgbouncer")).toMatchObject({
      stopSignal: "SIGINT",
      stopTimeout: 30,
      user: "70:70",
      ports: [],
    });
    const { compose } = composeProject("apprun-dev", docker.resources, docker.result.inventory);
    expect(compose).toMatchObject({ services: { "apprun-dev-pgbouncer": { stop_signal: "SIGINT" } } });
  });

  it("is what the app and the services that ask for it are told, with their own numbers of connections", () => {
    const at = (most: number) => [
      "DB_HOST=pgbouncer",
      `DB_MAX_CONNECTIONS=${most}`,
      "DB_PORT=6432",
      "DB_SSLMODE=disable",
    ];
    expect(database(docker, "apprun-1")).toEqual(at(100));
    expect(upload(docker, "apprun-1", URL)).toBe(
      "postgres://apprun:__secret_postgres-provision-apprun__@pgbouncer:6432/apprun?sslmode=disable",
    );
    expect(upload(docker, "reports", URL)).toContain("@pgbouncer:6432/reports");
    expect(upload(docker, "worker", URL)).toContain(
      "postgres://worker:__secret_postgres-provision-worker__@pgbouncer:6432/apprun",
    );
    expect(upload(docker, "mailer", URL)).toContain("@postgres:5432/mailer");
    expect(workload(docker, "apprun")?.startsAfter).toContainEqual({ name: "pgbouncer", kind: "workload" });
  });

  it("is not what migrations, the login, workflows and jobs are told", () => {
    expect(database(docker, "apprun-migrate")).toEqual([
      "DB_HOST=postgres",
      // Its part of pgbouncer.direct.
      "DB_MAX_CONNECTIONS=1",
      "DB_PORT=5432",
      "DB_SSLMODE=disable",
    ]);
    expect(upload(docker, "apprun-migrate", URL)).toContain("@postgres:5432/apprun");
    const told = docker.resources.filter(
      ({ type, inputs }) => type === CONTAINER && JSON.stringify(inputs).includes("pgbouncer"),
    );
    expect(
      told
        .map(({ name }) => name)
        .filter((name) => !/^(prometheus|alertmanager|grafana|backup)/.test(name))
        .sort(),
    ).toEqual([
      ...["apprun-1", "apprun-2", "apprun-3", "apprun-4", "pgbouncer", "pgbouncer-exporter", "reports", "worker"],
    ]);
  });

  it("can be passed by a variable of the app's own", async () => {
    const variables = { LISTEN_URL: "{database.directUrl}", LISTEN_AT: "{database.directHost}:{database.directPort}" };
    const recording = await stackOf({ pgbouncer: { enabled: true }, app: { variables } });
    expect(upload(recording, "apprun", "/run/secrets/LISTEN_URL")).toContain("@postgres:5432/apprun");
    expect(container(recording, "apprun").envs).toContain("LISTEN_AT=postgres:5432");
    expect(workload(recording, "apprun")?.connectsTo).toEqual(expect.arrayContaining(["pgbouncer", "postgres"]));
    const without = await stackOf({ app: { variables } });
    expect(upload(without, "apprun", "/run/secrets/LISTEN_URL")).toBe(
      upload(recording, "apprun", "/run/secrets/LISTEN_URL"),
    );
  });

  it("connects it to PostgreSQL, and the app and its exporter to it", () => {
    const arrows = docker.result.inventory.workloads
      .flatMap(({ name, connectsTo }) => connectsTo.map((to) => `${name} -> ${to}`))
      .filter((arrow) => arrow.includes("pgbouncer"));
    const expected = OPTIONAL_ARROWS.filter((arrow) => arrow.includes("pgbouncer"));
    expect(arrows.sort()).toEqual(
      [...expected.map((arrow) => arrow.replace(/:\d+$/, "")), "reports -> pgbouncer", "worker -> pgbouncer"].sort(),
    );
  });

  it("is in the budget and on a dashboard of its own, and its exporter is off where nobody asks it", async () => {
    const rows = (values: object) => budget(settingsOf({ ...ON, ...values })).map((row) => row.service);
    expect(rows({}).filter((name) => name.startsWith("pgbouncer"))).toEqual(["pgbouncer", "pgbouncer-exporter"]);
    expect(rows({ prometheus: { enabled: false } })).not.toContain("pgbouncer-exporter");
    const files = await recordedFiles(ON);
    expect(files("grafana").has("/etc/grafana/dashboards/apprun-pgbouncer.json")).toBe(true);
    const unwatched = await stackOf({ ...ON, exporters: { pgbouncer: false } });
    expect(workload(unwatched, "pgbouncer-exporter")).toBeUndefined();
    expect(filesOf(unwatched, "prometheus").get("/etc/prometheus/rules.yml")).not.toContain("Pgbouncer");
  });

  it("keeps its exporter's password out of arguments and variables", () => {
    const { envs, command, entrypoints } = container(docker, "pgbouncer-exporter");
    expect(JSON.stringify({ envs, command, entrypoints })).not.toContain("__secret_");
    expect(command).toContain(
      "--pgBouncer.connectionString=postgres://pgbouncer_stats@pgbouncer:6432/pgbouncer?sslmode=disable",
    );
  });

  it("is the same on Kubernetes", async () => {
    const kubernetes = await stackOf({ ...ON, platform: "kubernetes", domain: "dev.localhost" });
    for (const name of ["pgbouncer", "pgbouncer-exporter"]) {
      const controller = kubernetes.resources.find(
        (found) => found.name === name && found.type.endsWith(":Deployment"),
      );
      const ours = fromDocker(container(docker, name), "apprun-dev-");
      const theirs = fromKubernetes(controller!, kubernetes.resources);
      // A Docker host cannot upload files into a read-only container, and a pod waits until clients know that it goes.
      expect({ ...theirs, probe: "" }).toEqual({ ...ours, readOnlyRoot: true, stopSeconds: 35, probe: "" });
    }
  });
});

describe("PgBouncer before a server that asks for TLS", () => {
  const external = (tls: object) => ({
    ...ON,
    postgres: { mode: "external", external: { host: "db.example.com", ...tls } },
  });
  const tlsOf = async (tls: object) => {
    const recording = await stackOf(external(tls), "dev", marked(["postgresAdminPassword"]));
    return (upload(recording, "pgbouncer", INI) ?? "").split("\n").filter((line) => /tls|^apprun/.test(line));
  };

  it.each<[object, string[]]>([
    [{}, ["server_tls_sslmode = require"]],
    [
      { sslMode: "verify-full" },
      ["server_tls_sslmode = verify-full", "server_tls_ca_file = /etc/ssl/certs/ca-certificates.crt"],
    ],
    [
      { sslMode: "verify-full", ca: CA_CERTIFICATE },
      ["server_tls_sslmode = verify-full", "server_tls_ca_file = /etc/apprun/postgres-ca.pem"],
    ],
  ])("encrypts and checks as the settings say: %j", async (tls, lines) => {
    expect(await tlsOf(tls)).toEqual([
      "apprun = host=db.example.com port=5432 dbname=apprun",
      "apprun = pool_size=20",
      ...lines,
    ]);
  });

  it("has the server's authority and the way out, and the app a plain way to it", async () => {
    const recording = await stackOf(
      external({ sslMode: "verify-full", ca: CA_CERTIFICATE }),
      "dev",
      marked(["postgresAdminPassword"]),
    );
    expect(upload(recording, "pgbouncer", "/etc/apprun/postgres-ca.pem")).toBe(CA_CERTIFICATE);
    expect((container(recording, "pgbouncer").networksAdvanced ?? []).map(({ name }) => name)).toContain(
      "apprun-dev-edge",
    );
    expect(database(recording, "apprun-1")).toContain("DB_SSLMODE=disable");
    // What goes past it checks the server itself.
    expect(upload(recording, "apprun-1", "/etc/apprun/postgres-ca.pem")).toBe(CA_CERTIFICATE);
    expect(database(recording, "apprun-migrate")).toContain("DB_SSLMODE=verify-full");
  });
});

it("a configuration without roles is one that PgBouncer still reads", () => {
  expect(configuration([], { queryWait: "2m" })).toMatch(
    /^\[databases\]\n\n\[users\]\n\n\[pgbouncer\]\n[^]*query_wait_timeout = 120\n/,
  );
});

describe("a stack without PgBouncer", () => {
  it("has nothing of it", async () => {
    expect(JSON.stringify((await stackOf({})).resources)).not.toMatch(/pgbouncer|6432/i);
  });
});
