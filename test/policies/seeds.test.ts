import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { evaluate } from "../../policies/evaluate.ts";
import type { PolicyResource } from "../../policies/policy.ts";
import { resource } from "./describe-policy.ts";

interface ComposeService {
  readonly image?: string;
  readonly ports?: readonly string[];
  readonly environment?: readonly string[] | Record<string, unknown>;
  readonly command?: string | readonly string[];
  readonly restart?: string;
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
}

/** A service of a Compose file as the container that it would be, with nothing added. */
function composed(name: string, service: ComposeService): PolicyResource {
  const { environment = [], command, volumes = [], ports = [] } = service;
  return resource("docker:index/container:Container", name, {
    name,
    image: service.image,
    envs: Array.isArray(environment)
      ? environment
      : Object.entries(environment).map(([key, value]) => `${key}=${String(value)}`),
    command: typeof command === "string" ? command.split(" ") : command,
    restart: service.restart,
    healthcheck: service.healthcheck && { tests: service.healthcheck.test },
    volumes: volumes.map((volume) =>
      volume.startsWith(".") ? { hostPath: volume.split(":")[0] } : { volumeName: volume.split(":")[0] },
    ),
    ports: ports.map((port) => {
      const [external, internal] = port.split(":");
      return { external: Number(external), internal: Number(internal) };
    }),
  });
}

/** What the pack says in `dev`, where fewest policies end a command. */
function mandatory(seed: string): readonly string[] {
  const { services } = parse(readFileSync(new URL(`seeds/seed-${seed}.yaml`, import.meta.url), "utf8")) as {
    services: Record<string, ComposeService>;
  };
  const resources = Object.entries(services).map(([name, service]) => composed(name, service));
  return evaluate(resources, { identity: { project: "apprun", stack: "dev" } })
    .filter(({ enforcement }) => enforcement === "mandatory")
    .map(({ policy, message }) => `${policy}: ${message.split("; allowed: ")[0] ?? ""}`);
}

const BAD: Record<string, readonly string[]> = {
  "000": [
    'image-tag: image "websoft9/apprun:latest": got the tag "latest"',
    'image-tag: image "oryd/kratos:latest": got the tag "latest"',
    'image-tag: image "websoft9/waterflow:latest": got the tag "latest"',
    'image-tag: image "prom/prometheus:latest": got the tag "latest"',
    'image-tag: image "grafana/grafana:latest": got the tag "latest"',
    'secret-strength: container "apprun": got for DATABASE_URL a default that everybody knows',
    'secret-strength: container "postgres": got for POSTGRES_PASSWORD a default that everybody knows',
    'secret-strength: container "kratos": got for DSN a default that everybody knows',
    'secret-strength: container "waterflow": got for DATABASE_URL a default that everybody knows',
    'secret-strength: container "grafana": got for GF_SECURITY_ADMIN_PASSWORD a default that everybody knows',
    'secret-not-in-env: container "apprun": got a secret in DATABASE_URL',
    'secret-not-in-env: container "postgres": got a secret in POSTGRES_PASSWORD',
    'secret-not-in-env: container "kratos": got a secret in DSN',
    'no-kratos-dev: container "kratos": got --dev',
    'grafana-admin: container "grafana": got admin/admin',
    'no-public-data-port: container "postgres": got PostgreSQL on 0.0.0.0:5432',
    'no-public-data-port: container "redis": got Redis on 0.0.0.0:6379',
    `only-proxy-public: container "kratos": got a public port, 0.0.0.0:4434`,
    'only-proxy-public: container "waterflow": got a public port, 0.0.0.0:7233',
    'only-proxy-public: container "waterflow": got a public port, 0.0.0.0:7234',
    'only-proxy-public: container "apprun": got a public port, 0.0.0.0:8080',
    'only-proxy-public: container "prometheus": got a public port, 0.0.0.0:9090',
    'only-proxy-public: container "grafana": got a public port, 0.0.0.0:3000',
    'health-probe: container "kratos": got none',
    'no-host-paths: container "apprun": got the host\'s path ./config',
    'limits-set: container "postgres": got no limit of memory',
    'log-rotation: container "redis": got log driver none set',
    'no-new-privileges: container "apprun": got neither',
    'non-root: container "kratos": got no user, which is root in most images',
    `capabilities-dropped: container "grafana": got the engine's default capabilities`,
    'stack-label: "apprun": got no label instead of "apprun/dev"',
    'names: "postgres": got the name "postgres"',
  ],
  "001": [
    'image-tag: image "oryd/kratos:latest": got the tag "latest"',
    'image-tag: image "temporalio/auto-setup:latest": got the tag "latest"',
    'image-tag: image "apprun/core:latest": got the tag "latest"',
    'image-tag: image "minio/minio:latest": got the tag "latest"',
    'image-catalogue: image "minio/minio:latest": got one that nobody chose',
    'no-kratos-dev: container "kratos": got --dev',
    'no-public-data-port: container "postgres": got PostgreSQL on 0.0.0.0:5432',
    `only-proxy-public: container "kratos": got a public port, 0.0.0.0:4434`,
    'only-proxy-public: container "temporal": got a public port, 0.0.0.0:7233',
    'only-proxy-public: container "temporal": got a public port, 0.0.0.0:8233',
    'only-proxy-public: container "minio": got a public port, 0.0.0.0:9000',
    'only-proxy-public: container "minio": got a public port, 0.0.0.0:9001',
    'secret-not-in-env: container "postgres": got a secret in POSTGRES_PASSWORD',
    'secret-not-in-env: container "temporal": got a secret in POSTGRES_PWD',
    'secret-not-in-env: container "minio": got a secret in MINIO_ROOT_PASSWORD',
    'restart-policy: container "postgres": got restart "no" for a service',
  ],
  "003": [
    'secret-strength: container "apprun-core": got for DB_PASSWORD a default that everybody knows',
    'secret-strength: container "apprun-core": got for JWT_SECRET a default that everybody knows',
    'secret-strength: container "postgres": got for POSTGRES_PASSWORD a default that everybody knows',
    'secret-strength: container "kratos": got for DSN a default that everybody knows',
    'secret-strength: container "temporal": got for POSTGRES_PWD a default that everybody knows',
    'grafana-admin: container "grafana": got admin/admin',
    'only-proxy-public: container "nats": got a public port, 0.0.0.0:4222',
    'only-proxy-public: container "nats": got a public port, 0.0.0.0:8222',
    'no-public-data-port: container "postgres": got PostgreSQL on 0.0.0.0:5432',
    'only-proxy-public: container "jaeger": got a public port, 0.0.0.0:14268',
    'only-proxy-public: container "temporal-ui": got a public port, 0.0.0.0:8088',
    'only-proxy-public: container "jaeger": got a public port, 0.0.0.0:16686',
    'image-catalogue: image "jaegertracing/all-in-one:1.51": got one that nobody chose',
    'image-catalogue: image "temporalio/auto-setup:1.22.4": got one that nobody chose',
    'restart-policy: container "apprun-core": got restart "no" for a service',
  ],
};

describe.each(Object.entries(BAD))("the Compose file of seed %s", (seed, bad) => {
  const found = mandatory(seed);
  it.each(bad)("%s", (line) => {
    expect(found).toContain(line);
  });
});
