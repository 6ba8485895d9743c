import { beforeAll, describe, expect, it } from "vitest";
import { findingsOf } from "../../../cli/kit/policies.ts";
import { planOf } from "../../../cli/kit/plan.ts";
import type { Recording } from "../../../cli/kit/record.ts";
import { composeProject } from "../../../cli/render/compose.ts";
import type { RecordedContainer } from "../../../components/platform/docker/container-args.ts";
import { SERVICES } from "../../../components/services/catalogue.ts";
import { reservedNames } from "../../../components/stack/rules/own-services.ts";
import type { Stack } from "../../../components/stack/stack.ts";
import { recordEverything } from "../../everything.ts";
import { filesOf } from "../../support/record/monitoring.ts";
import { inputsOf, settingsOf, stackOf } from "../../support/record/stacks.ts";

const CONTAINER = "docker:index/container:Container";
const IMAGE = { registry: "ghcr.io", repository: "example/web", tag: "1.4.2", uid: 1000, gid: 2000, probeTool: "wget" };

/** The input of case C06, with what it asked for: a frontend on `www`, and a worker that polls Temporal and reads PostgreSQL and the cache. */
const C06 = {
  temporal: { enabled: true },
  services: {
    web: {
      preset: "frontend",
      image: IMAGE,
      route: { subdomain: "www" },
      connectsTo: ["apprun"],
      variables: { API_URL: "{app.internalUrl}", PUBLIC_URL: "{service.url}", LOGIN_URL: "{login.publicUrl}" },
      replicas: 2,
    },
    "pdf-worker": {
      preset: "worker",
      command: ["worker", "--drain"],
      probe: { command: ["/app/apprun", "worker", "health"] },
      connectsTo: ["postgres", "cache"],
      variables: {
        DATABASE_URL: "{database.url}",
        REDIS_URL: { template: "{cache.url}", as: "file" },
        TEMPORAL_HOST: "{workflows.address}",
        TEMPORAL_NAMESPACE: "{workflows.namespace}",
        DRAIN: "{service.drain}",
      },
    },
    cleanup: {
      preset: "cron",
      schedule: "30 2 * * *",
      command: ["/app/apprun", "cleanup"],
      connectsTo: ["postgres"],
      database: { of: "app" },
      variablesPreset: "apprun",
    },
  },
};

describe("a frontend, a worker and a cron job on a Docker host (C06)", () => {
  let recording: Recording<Stack>;
  const container = (name: string) => inputsOf<RecordedContainer>(recording, CONTAINER, name);
  const networks = (name: string) => (container(name).networksAdvanced ?? []).map((network) => network.name);
  beforeAll(async () => {
    recording = await stackOf(C06);
  });

  it("give the frontend its image, user, port and probe, once for each replica", () => {
    for (const name of ["web-1", "web-2"])
      expect(container(name)).toMatchObject({
        image: "ghcr.io/example/web:1.4.2",
        user: "1000:2000",
        envs: [
          "API_URL=http://apprun:8080",
          "LOGIN_URL=http://auth.dev.localhost:8000",
          "PUBLIC_URL=http://www.dev.localhost:8000",
        ],
        healthcheck: { tests: ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/"] },
        capabilities: { drops: ["ALL"] },
        ports: [],
      });
    expect(networks("web-1")).toEqual(["apprun-dev-backend"]);
    expect(recording.result.urls).toMatchObject({ web: "http://www.dev.localhost:8000/" });
    expect([...filesOf(recording, "proxy-routes").values()].join()).toContain("http://web-1:3000");
  });

  it("give the worker the app's image, a database and a role of its own, and what it connects to", () => {
    const worker = container("pdf-worker");
    expect(worker).toMatchObject({
      image: "websoft9/apprun:1.0.0",
      command: ["worker", "--drain"],
      healthcheck: { tests: ["CMD", "/app/apprun", "worker", "health"] },
      stopTimeout: 60,
      destroyGraceSeconds: 60,
    });
    expect(worker.envs).toEqual([
      "DATABASE_URL=postgres://pdf_worker:__secret_postgres-provision-pdf_worker__@postgres:5432/pdf_worker?sslmode=disable",
      "DRAIN=45s",
      "REDIS_URL_FILE=/run/secrets/REDIS_URL",
      "TEMPORAL_HOST=temporal:7233",
      "TEMPORAL_NAMESPACE=apprun",
    ]);
    expect(networks("pdf-worker")).toEqual(["apprun-dev-backend", "apprun-dev-data"]);
    const sql = filesOf(recording, "postgres-provision").get("/etc/apprun/job.sql") ?? "";
    expect(sql).toContain(`CREATE DATABASE "pdf_worker" OWNER "pdf_worker"`);
    expect(recording.result.inventory.workloads.find(({ name }) => name === "pdf-worker")).toMatchObject({
      connectsTo: ["cache", "postgres", "temporal"],
      startsAfter: expect.arrayContaining([
        { name: "temporal-namespace", kind: "job" },
        { name: "apprun", kind: "workload" },
      ]) as object,
    });
  });

  it("let the cron job work on the app's database as the app does, with a password of its own", () => {
    const cleanup = container("cleanup");
    expect(cleanup.envs).toEqual(
      expect.arrayContaining(["DB_NAME=apprun", "DB_USER=cleanup", "DB_PASSWORD_FILE=/run/secrets/database-password"]),
    );
    const sql = filesOf(recording, "postgres-provision").get("/etc/apprun/job.sql") ?? "";
    expect(sql).toContain(`GRANT "apprun" TO "cleanup";`);
    expect(sql).toContain(`ALTER ROLE "cleanup" SET role = 'apprun';`);
    expect(sql).not.toContain(`CREATE DATABASE "cleanup"`);
    expect([...filesOf(recording, "cleanup").values()].join("\n")).toContain("'/app/apprun' 'cleanup' &");
  });

  it("pass every policy, are in the plan and in the backups, and their passwords among the credentials", () => {
    const project = { stack: "dev", settings: settingsOf(C06), recording };
    expect(findingsOf(project).filter(({ enforcement }) => enforcement === "mandatory")).toEqual([]);
    expect(planOf(project).secretVariables).toEqual([{ workload: "pdf-worker", variables: ["DATABASE_URL"] }]);
    expect(Object.keys(recording.result.credentials)).toEqual(
      expect.arrayContaining(["pdf-worker-database", "cleanup-database"]),
    );
    expect(container("backup").envs?.join("\n")).toMatch(/apprun\b.*\bpdf_worker\b/);
  });

  it("are in the Compose project, which holds no secret", () => {
    const { compose } = composeProject("apprun-dev", recording.resources, recording.result.inventory);
    const { services } = compose as { services: Record<string, unknown> };
    for (const name of ["web-1", "web-2", "pdf-worker", "cleanup"])
      expect(services[`apprun-dev-${name}`]).toBeDefined();
    expect(JSON.stringify(compose)).not.toContain("__secret_");
  });
});

describe("a service that is switched off", () => {
  it("runs nowhere, and its database and password stay", async () => {
    const off = {
      services: { web: { image: IMAGE, port: 3000, connectsTo: ["postgres"], enabled: false } },
    };
    const { resources, result } = await stackOf(off);
    const names = resources.map(({ name }) => name);
    expect(names).toContain("postgres-provision-web");
    expect(result.inventory.workloads.map(({ name }) => name)).not.toContain("web");
  });
});

describe("a service with a migration", () => {
  it("starts after it, with the same secrets in variables", async () => {
    const values = {
      services: {
        web: {
          image: IMAGE,
          port: 3000,
          connectsTo: ["postgres"],
          variables: { DATABASE_URL: "{database.url}" },
          migrate: { command: ["migrate"] },
        },
      },
    };
    const recording = await stackOf(values);
    const found = findingsOf({ stack: "dev", settings: settingsOf(values), recording });
    expect(found.filter(({ enforcement }) => enforcement === "mandatory")).toEqual([]);
    const job = inputsOf<RecordedContainer>(recording, CONTAINER, "web-migrate");
    expect(job.command).toEqual(["migrate"]);
    expect(recording.result.inventory.workloads.find(({ name }) => name === "web")?.startsAfter).toContainEqual({
      name: "web-migrate",
      kind: "job",
    });
  });
});

describe("what a policy finds in a service", () => {
  it("names its setting", async () => {
    const values = { services: { web: { image: IMAGE, port: 3000, env: { API_SECRET_KEY: "sk_live_0123456789" } } } };
    const found = findingsOf({ stack: "dev", settings: settingsOf(values), recording: await stackOf(values) });
    expect(found.filter(({ policy }) => policy === "secret-not-in-env").map(({ message }) => message)).toEqual([
      expect.stringMatching(/^container "web" \(apprun:services\.web\): got a secret in API_SECRET_KEY;/),
    ]);
  });
});

describe("a name that a service cannot have", () => {
  it("begins every name that the platform gives, whatever is on", async () => {
    const reserved = [...reservedNames(SERVICES)];
    const own = /^(web|worker|reports|cleanup)\b/;
    for (const target of ["docker", "kubernetes"] as const) {
      const { inventory } = (await recordEverything(target)).result;
      const names = [...inventory.workloads, ...inventory.volumes].map(({ name }) => name);
      expect(
        names.filter(
          (name) => !own.test(name) && !reserved.some((word) => name === word || name.split("-")[0] === word),
        ),
      ).toEqual([]);
    }
  });
});
