import { globSync, readFileSync } from "node:fs";
import { secret } from "@pulumi/pulumi";
import { specialSecretSig } from "@pulumi/pulumi/runtime/rpc.js";
import { beforeAll, describe, expect, it } from "vitest";
import { holdsSecret, secretMark } from "../../components/model/secret-mark.ts";
import { cloudflare, SECRETS } from "../support/fakes/cloudflare.ts";
import { componentOutputs, type ComponentOutputs } from "../support/record/outputs.ts";

/** Every component class of the program, by its type. */
const TYPES = globSync("components/{services,edge,stack}/**/*.ts").flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(/super\("(apprun:[^"]+)"/g)].map(([, type]) => type ?? ""),
);

const key = (name: string) => ({ [name]: secret(secretMark(name)) });

/** Stacks that together have a component of every class. */
const STACKS: readonly Parameters<typeof componentOutputs>[] = [
  [
    {
      nats: { enabled: true },
      centrifugo: { enabled: true },
      postgrest: { enabled: true },
      pgbouncer: { enabled: true },
      postgres: { replica: { enabled: true } },
      tracing: { enabled: true },
      logs: { enabled: true },
      temporal: { ui: true },
      app: { replicas: 2, migrate: { command: ["migrate"] } },
      services: { worker: { preset: "worker", command: ["worker"], probe: { command: ["true"] } } },
    },
  ],
  [
    {
      platform: "kubernetes",
      postgres: { mode: "operator", operator: { instances: 3 } },
      app: { autoscaling: { maxReplicas: 4 } },
    },
  ],
  [
    {
      postgres: { mode: "external", external: { host: "db.example.com", adminUser: "admin" } },
      cache: { mode: "external", external: { host: "cache.example.com" } },
      storage: { mode: "s3", s3: { endpoint: "https://s3.example.com", region: "auto", bucket: "files" } },
    },
    "dev",
    {
      ...key("postgresAdminPassword"),
      ...key("cachePassword"),
      ...key("storageAccessKeyId"),
      ...key("storageSecretAccessKey"),
    },
  ],
  [{ storage: { mode: "local-s3" } }],
  [{ domain: "pr-7.example.com", cloudflare: cloudflare() }, "pr-7", SECRETS],
  [
    {
      domain: "example.com",
      proxy: { bind: "public" },
      tls: { mode: "origin" },
      cloudflare: cloudflare({
        origin: "proxy",
        address: "203.0.113.7",
        zones: [{ name: "example.com", manage: true }],
        backups: { bucket: "sets" },
      }),
    },
    "prod",
    SECRETS,
  ],
];

describe("what a reader of the console sees of each component", () => {
  let components: readonly ComponentOutputs[];
  const of = (type: string, where: (each: ComponentOutputs) => boolean = () => true) =>
    components.find((each) => each.type === `apprun:${type}` && where(each))?.outputs;

  beforeAll(async () => {
    const all: ComponentOutputs[] = [];
    for (const stack of STACKS) all.push(...(await componentOutputs(...stack)));
    components = all;
  });

  it("is something, for every class of component that there is", () => {
    expect([...new Set(components.map(({ type }) => type))].sort()).toEqual([...TYPES].sort());
    expect(components.filter(({ outputs }) => Object.keys(outputs).length === 0)).toEqual([]);
  });

  it("holds no secret, neither a marked value nor the text of one", () => {
    const text = components.map(({ type, name, outputs }) => ({ type, name, text: JSON.stringify(outputs) }));
    expect(text.filter((each) => each.text.includes(specialSecretSig) || holdsSecret(each.text))).toEqual([]);
  });

  it("is image, replicas and addresses of a workload, and what it uses", () => {
    expect(of("service:App", ({ outputs }) => outputs["replicas"] === 2)).toEqual({
      image: "websoft9/apprun:1.0.0",
      replicas: 2,
      addresses: { http: "apprun:8080" },
      database: "apprun",
      files: "apprun-storage",
    });
    expect(of("service:App", ({ outputs }) => "maxReplicas" in outputs)).toMatchObject({ maxReplicas: 4 });
    expect(of("service:App", ({ outputs }) => outputs["files"] !== "apprun-storage")).toMatchObject({
      files: "https://s3.example.com/files",
    });
    expect(of("service:Kratos")).toMatchObject({
      addresses: { public: "kratos:4433", admin: "kratos:4434" },
      database: "kratos",
    });
    expect(of("service:Temporal")).toMatchObject({
      databases: ["temporal", "temporal_visibility"],
      ui: { addresses: { http: "temporal-ui:8080" } },
    });
  });

  it("is address and databases of a server, whoever runs it", () => {
    const databases = ["apprun", "kratos", "temporal", "temporal_visibility"];
    expect(of("service:Postgres")).toMatchObject({ address: "postgres:5432", databases });
    expect(of("service:PostgresOperated")).toMatchObject({ replicas: 3, databases });
    expect(of("service:ExternalPostgres")).toEqual({ address: "db.example.com:5432", databases });
    expect(of("service:ExternalCache")).toEqual({ address: "rediss://cache.example.com:6379" });
  });

  it("is the hosts and the origin at the edge", () => {
    expect(of("edge:CloudflareEdge", ({ outputs }) => outputs["origin"] === "203.0.113.7")).toMatchObject({
      hosts: ["alertmanager", "api", "auth", "", "grafana", "prometheus", "temporal"].map((label) =>
        label === "" ? "example.com" : `${label}.example.com`,
      ),
    });
    expect(of("edge:Tunnel")).toMatchObject({ tunnelId: "tunnel-id", replicas: 1 });
    expect(of("edge:Access", ({ outputs }) => JSON.stringify(outputs).includes("pr-7"))).toMatchObject({
      serviceTokens: ["preview"],
    });
    expect(of("edge:BackupBucket")).toMatchObject({ bucket: "sets" });
  });
});
