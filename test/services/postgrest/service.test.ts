import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { record, type Recording } from "../../../cli/kit/record.ts";
import type { RecordedContainer } from "../../../components/platform/docker/container-args.ts";
import { schemaSql } from "../../../components/services/postgrest/schema-job.ts";
import { parseSettings } from "../../../components/stack/parse.ts";
import { Stack } from "../../../components/stack/stack.ts";
import { OPTIONAL_ARROWS } from "../../support/record/arrows.ts";
import { recordedFiles } from "../../support/record/monitoring.ts";
import { fromDocker, fromKubernetes } from "../../support/record/parity.ts";
import { inputsOf, stackOf } from "../../support/record/stacks.ts";

const ON = { postgrest: { enabled: true } };
const ROUTED = { postgrest: { enabled: true, mode: "route" } };
const CONTAINER = "docker:index/container:Container";

const container = (recording: Recording<Stack>, name: string) =>
  inputsOf<RecordedContainer>(recording, CONTAINER, name);
const upload = (recording: Recording<Stack>, name: string, path: string) =>
  container(recording, name).uploads?.find(({ file }) => file === path)?.content;
const variables = (recording: Recording<Stack>, name: string, prefix: string) =>
  (container(recording, name).envs ?? []).filter((line) => line.startsWith(prefix));
const routesOf = (recording: Recording<Stack>) =>
  (container(recording, "proxy-routes").uploads ?? []).map(({ content = "" }) => content).join("");

describe("a stack with PostgREST that the app forwards to", () => {
  let docker: Recording<Stack>;
  beforeAll(async () => {
    docker = await stackOf(ON);
  });

  it("tells it everything in variables, and the two secrets in files that these name", () => {
    expect(container(docker, "postgrest").envs).toEqual([
      "PGRST_ADMIN_SERVER_PORT=3001",
      "PGRST_DB_MAX_ROWS=1000",
      "PGRST_DB_POOL=10",
      "PGRST_DB_SCHEMAS=api",
      "PGRST_DB_URI=@/run/secrets/database-url",
      "PGRST_JWT_SECRET=@/run/secrets/jwt-key",
      "PGRST_LOG_LEVEL=error",
      "PGRST_SERVER_CORS_ALLOWED_ORIGINS=http://dev.localhost:8000",
      "PGRST_SERVER_HOST=0.0.0.0",
      "PGRST_SERVER_PORT=3000",
    ]);
    expect(upload(docker, "postgrest", "/run/secrets/jwt-key")).toBe("__secret_apprun-jwt__");
    expect(upload(docker, "postgrest", "/run/secrets/database-url")).toBe(
      "postgres://authenticator:__secret_postgres-provision-authenticator__@postgres:5432/apprun?sslmode=disable",
    );
  });

  it("runs it without root and capabilities, with no port on the host, and asks its own program whether it is ready", () => {
    expect(container(docker, "postgrest")).toMatchObject({
      user: "1000:1000",
      capabilities: { drops: ["ALL"] },
      ports: [],
      entrypoints: ["/bin/postgrest"],
      healthcheck: { tests: ["CMD", "/bin/postgrest", "--ready"] },
    });
  });

  it("tells the app where it is inside, and gives it no route", () => {
    expect(variables(docker, "apprun", "POSTGREST_")).toEqual(["POSTGREST_URL=http://postgrest:3000"]);
    expect(docker.result.urls).not.toHaveProperty("data");
    expect(routesOf(docker)).not.toMatch(/postgrest|strip|\/data/);
  });

  it("starts it after the app and after what makes its schema, and the app waits for neither", () => {
    const { workloads } = docker.result.inventory;
    const of = (name: string) => workloads.find((found) => found.name === name);
    expect(of("postgrest")?.startsAfter).toContainEqual({ name: "postgrest-schema", kind: "job" });
    expect(of("postgrest-schema")?.startsAfter).toEqual([{ name: "apprun", kind: "workload" }]);
    expect(of("apprun")?.startsAfter.map(({ name }) => name)).not.toContain("postgrest");
  });

  it("connects it to PostgreSQL, and the app and Prometheus to it", () => {
    const arrows = docker.result.inventory.workloads
      .flatMap(({ name, connectsTo }) => connectsTo.map((to) => `${name} -> ${to}`))
      .filter((arrow) => arrow.includes("postgrest"));
    const expected = OPTIONAL_ARROWS.filter((arrow) => arrow.includes("postgrest"));
    expect(arrows.sort()).toEqual(expected.map((arrow) => arrow.replace(/:\d+$/, "")).sort());
  });

  it("has its alerts and its dashboard, and every replica is a target at the port of figures", async () => {
    const files = await recordedFiles({ postgrest: { enabled: true, replicas: 2 } });
    expect(files("grafana").has("/etc/grafana/dashboards/apprun-postgrest.json")).toBe(true);
    expect(files("prometheus").get("/etc/prometheus/rules.yml")).toContain("PostgrestPoolTimeouts");
    expect(files("prometheus").get("/etc/prometheus/prometheus.yml")).toMatch(
      /targets:\n\s+- postgrest-1:3001\n\s+- postgrest-2:3001/,
    );
  });

  it("serves whoever shows no token only where the settings say so", async () => {
    expect(variables(docker, "postgrest", "PGRST_DB_ANON_ROLE")).toEqual([]);
    const open = await stackOf({ postgrest: { enabled: true, anonymous: true } });
    expect(variables(open, "postgrest", "PGRST_DB_ANON_ROLE")).toEqual(["PGRST_DB_ANON_ROLE=anon"]);
  });

  it("checks tokens with public keys of the project in place of the app's key", () => {
    const directory = mkdtempSync(join(tmpdir(), "apprun-"));
    mkdirSync(join(directory, "deploy"));
    const text = JSON.stringify({ keys: [{ kty: "OKP", crv: "Ed25519", x: "abc" }] });
    writeFileSync(join(directory, "deploy/jwks.json"), text);
    const settings = parseSettings(
      { project: "apprun", stack: "dev" },
      {
        values: { postgrest: { enabled: true, jwks: "deploy/jwks.json", audience: "shop" } },
        secrets: {},
        plainSecrets: [],
        directory,
      },
    );
    return record(settings.identity, () => new Stack(settings)).then((recording) => {
      expect(variables(recording, "postgrest", "PGRST_JWT_")).toEqual([
        "PGRST_JWT_AUD=shop",
        "PGRST_JWT_SECRET=@/etc/postgrest/jwks.json",
      ]);
      expect(upload(recording, "postgrest", "/etc/postgrest/jwks.json")).toBe(text);
      expect(JSON.stringify(container(recording, "postgrest"))).not.toContain("__secret_apprun-jwt");
    });
  });

  it("is the same on Kubernetes", async () => {
    const kubernetes = await stackOf({ ...ON, platform: "kubernetes", domain: "dev.localhost" });
    const controller = kubernetes.resources.find(
      ({ name, type }) => name === "postgrest" && type.endsWith(":Deployment"),
    );
    const ours = fromDocker(container(docker, "postgrest"), "apprun-dev-");
    const theirs = fromKubernetes(controller!, kubernetes.resources);
    // A Docker host cannot upload files into a read-only container, and a pod waits until clients know that it goes.
    expect(theirs).toEqual({
      ...ours,
      env: ours.env.map((line) => line.replace("dev.localhost:8000", "dev.localhost")),
      readOnlyRoot: true,
      stopSeconds: 35,
    });
  });
});

describe("a stack with PostgREST that browsers reach", () => {
  it("has a route at /data of its domain, which the proxy takes away", async () => {
    const docker = await stackOf(ROUTED);
    expect(docker.result.urls["data"]).toBe("http://dev.localhost:8000/data");
    expect(docker.result.pages["data"]).toBe("postgrest");
    const routes = routesOf(docker);
    expect(routes).toContain("Host(`dev.localhost`) && (Path(`/data`) || PathPrefix(`/data/`))");
    expect(routes).toMatch(/strip-data:\n\s+stripPrefix:\n\s+prefixes:\n\s+- \/data\n/);
    expect(routes.match(/http:\/\/postgrest:\d+/g)).toEqual(["http://postgrest:3000"]);
  });

  it("tells it and the app the address of browsers", async () => {
    const docker = await stackOf(ROUTED);
    const address = "http://dev.localhost:8000/data";
    expect(variables(docker, "postgrest", "PGRST_OPENAPI_")).toEqual([`PGRST_OPENAPI_SERVER_PROXY_URI=${address}`]);
    expect(variables(docker, "apprun", "POSTGREST_")).toEqual([
      `POSTGREST_PUBLIC_URL=${address}`,
      "POSTGREST_URL=http://postgrest:3000",
    ]);
  });

  it("has the same route on Kubernetes, by a middleware of Traefik's own kind", async () => {
    const kubernetes = await stackOf({ ...ROUTED, platform: "kubernetes", domain: "example.com" });
    const resource = (name: string) =>
      JSON.stringify(kubernetes.resources.find((found) => found.name === name)?.inputs);
    expect(resource("middleware-strip-data")).toContain('"stripPrefix":{"prefixes":["/data"]}');
    expect(resource("ingressroute-data")).toContain('{"name":"strip-data"}');
    expect(kubernetes.result.urls["data"]).toBe("http://example.com/data");
  });
});

describe("the job before PostgREST", () => {
  const WHAT = { schemas: ["api"], roles: ["anon", "authenticated"], after: "shop:1.0.0" };

  it("makes the schema, lets the roles see it and tells replicas that run to read it again", () => {
    expect(schemaSql(WHAT)).toBe(
      [
        "-- After shop:1.0.0.",
        'CREATE SCHEMA IF NOT EXISTS "api";',
        'GRANT USAGE ON SCHEMA "api" TO "anon", "authenticated";',
        "NOTIFY pgrst, 'reload schema';",
        "",
      ].join("\n"),
    );
  });

  it.each<[string, Record<string, unknown>]>([
    ["image", { images: { pins: { apprun: { tag: "1.0.1" } } } }],
    ["migration", { app: { migrate: { command: ["migrate", "--to", "7"] } } }],
  ])("runs again with another %s of the app, and only then", async (_, changes) => {
    const sqlOf = async (values: Record<string, unknown>) =>
      upload(await stackOf({ ...ON, ...values }), "postgrest-schema", "/etc/apprun/job.sql");
    expect(await sqlOf(changes)).not.toBe(await sqlOf({}));
    expect(await sqlOf({ app: { replicas: 2 } })).toBe(await sqlOf({}));
  });
});

describe("a stack without PostgREST", () => {
  it("has nothing of it", async () => {
    const recording = await stackOf({});
    expect(JSON.stringify(recording.resources)).not.toMatch(/postgrest|authenticator|strip-/i);
  });
});
