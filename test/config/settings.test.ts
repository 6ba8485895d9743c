import { isSecret, secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parseSettings } from "../../components/config/parse.js";
import { settingsFromFile } from "../../components/config/stack-file.js";
import type { Settings } from "../../components/config/settings.js";

const SECRETS: Settings["secrets"] = {};

/** The message for a stack with these settings, without its first line. */
function messageOf(values: Record<string, unknown>, stack = "dev", secrets = SECRETS): string[] {
  try {
    parseSettings({ project: "apprun", stack }, { values, secrets, plainSecrets: [] });
  } catch (error) {
    return (error as Error).message.split("\n").slice(1);
  }
  return [];
}

const IMAGES = "apprun, grafana, kratos, postgres, postgresCluster, prometheus, redis, temporal, temporalAdminTools, temporalUi, traefik, valkey";

describe("bad settings are refused with what was given, what is allowed and what to do", () => {
  it.each<[Record<string, unknown>, string, string?]>([
    [{ domain: "Example.com" }, '  apprun:domain: got "Example.com"; allowed: a host name in lower case such as "example.com"; change it'],
    [{ domain: 7 }, '  apprun:domain: got 7; allowed: a host name in lower case such as "example.com"; change it'],
    [{ docker: { host: "localhost:2375" } }, '  apprun:docker.host: got "localhost:2375"; allowed: unix://, ssh:// or tcp:// and an address; change it'],
    [{ policies: { accept: { "route-tls": "" } } }, '  apprun:policies.accept.route-tls: got ""; allowed: a reason; change it'],
    [{ policies: { accept: { "route-tls": true } } }, "  apprun:policies.accept.route-tls: got true; allowed: a reason; change it"],
    [{ policies: { accept: ["route-tls"] } }, "  apprun:policies.accept: got a list; allowed: a map of policies and reasons; change it"],
    [{ host: { memory: "4GB" } }, '  apprun:host.memory: got "4GB"; allowed: an amount such as "512Mi" or "2Gi"; change it'],
    [{ host: { cpu: "two" } }, '  apprun:host.cpu: got "two"; allowed: CPU time such as "500m" or "1.5"; change it'],
    [
      { host: { memory: "1Gi" } },
      '  apprun:host.memory: got "1Gi"; allowed: at least 3.5Gi, the sum of the memory limits of all services; lower limits or name a larger host',
    ],
    [
      { host: { disk: "10Gi" } },
      '  apprun:host.disk: got "10Gi"; allowed: at least 18Gi, the sum of the planned sizes of all volumes; lower sizes or name a larger host',
    ],
    [
      { host: { cpu: "500m" } },
      '  apprun:host.cpu: got "500m"; allowed: at least 1000m, the largest CPU limit of one service; lower that limit or name a larger host',
    ],
    [
      { images: { registry: "https://mirror.example.com" } },
      '  apprun:images.registry: got "https://mirror.example.com"; allowed: a registry and path such as "mirror.example.com/hub", without scheme or trailing slash; change it',
    ],
    [{ images: { pins: { mysql: { tag: "8" } } } }, `  apprun:images.pins.mysql: got an unknown key; allowed: ${IMAGES}; remove it`],
    [
      { images: { pins: { postgres: { digest: "sha256:12" } } } },
      '  apprun:images.pins.postgres.digest: got "sha256:12"; allowed: sha256: and 64 hexadecimal digits; change it',
    ],
    [
      { images: { pins: { postgres: { tag: "12-alpine" } } } },
      '  apprun:images.pins.postgres.tag: got "12-alpine"; allowed: a tag of PostgreSQL 15, 16, 17 or 18; choose one, such as "17-alpine"',
    ],
    [
      { images: { pins: { apprun: { tag: "latest" } } } },
      '  apprun:images.pins.apprun.tag: got "latest"; allowed: a tag that names one version; choose one, such as "1.0.0"',
    ],
    [{ proxy: { bind: "0.0.0.0" } }, '  apprun:proxy.bind: got "0.0.0.0"; allowed: one of "loopback", "public"; change it'],
    [{ proxy: { port: 70_000 } }, "  apprun:proxy.port: got 70000; allowed: a whole number from 1 to 65535; change it"],
    [{ proxy: { port: 80.5 } }, "  apprun:proxy.port: got 80.5; allowed: a whole number from 1 to 65535; change it"],
    [
      { proxy: { bind: "public", port: 8080, teamPort: 8080 } },
      "  apprun:proxy.teamPort: got 8080; allowed: another port than proxy.port when the proxy is public; change one of them",
    ],
    [
      { proxy: { teamPort: 9000 } },
      "  apprun:proxy.teamPort: got 9000; allowed: nothing with proxy.bind loopback: operators' pages are on proxy.port; remove it or set proxy.bind to public",
    ],
    [
      { proxy: { bind: "public" } },
      '  apprun:proxy.bind: got "public"; allowed: "loopback" in a PR stack; remove it and reach the stack through the host\'s own proxy or a tunnel',
      "pr-7",
    ],
    [
      { volumes: { protect: true } },
      "  apprun:volumes.protect: got true; allowed: false in a PR stack, which is made to be thrown away; remove it or set it to false",
      "pr-7",
    ],
    [{ volumes: { protect: "yes" } }, '  apprun:volumes.protect: got "yes"; allowed: true or false; change it'],
    [{ app: { replicas: 0 } }, "  apprun:app.replicas: got 0; allowed: a whole number from 1 to 20; change it"],
    [{ app: { balancing: "random" } }, '  apprun:app.balancing: got "random"; allowed: one of "round-robin", "least-loaded"; change it'],
    [{ app: { config: "feature: on" } }, '  apprun:app.config: got "feature: on"; allowed: a map of settings; change it'],
    [
      { app: { dbMaxConnections: 300 } },
      "  apprun:app.dbMaxConnections: got 300; allowed: fewer than postgres.maxConnections (200); lower it or raise postgres.maxConnections",
    ],
    [
      { app: { resources: { requests: { cpu: "2" } } } },
      '  apprun:app.resources.requests.cpu: got "2"; allowed: at most the limit, 1; lower it or raise the limit',
    ],
    [
      { grafana: { resources: { requests: { memory: "1Gi" } } } },
      '  apprun:grafana.resources.requests.memory: got "1Gi"; allowed: at most the limit, 256Mi; lower it or raise the limit',
    ],
    [{ postgres: { maxConnections: 7 } }, "  apprun:postgres.maxConnections: got 7; allowed: a whole number from 20 to 5000; change it"],
    [
      { postgres: { external: { host: "db.example.com" } } },
      "  apprun:postgres.external: got a map; allowed: nothing with postgres.mode container; set postgres.mode to external or remove postgres.external",
    ],
    [
      { postgres: { resources: { requests: { memory: "64Mi" }, limits: { memory: "128Mi" } } } },
      '  apprun:postgres.resources.limits.memory: got "128Mi"; allowed: at least 256Mi; raise it',
    ],
    [{ cache: { engine: "memcached" } }, '  apprun:cache.engine: got "memcached"; allowed: one of "valkey", "redis"; change it'],
    [
      { cache: { maxMemory: "700Mi" } },
      '  apprun:cache.maxMemory: got "700Mi"; allowed: at most 576Mi, three quarters of cache.resources.limits.memory; lower it or raise the limit',
    ],
    [{ kratos: { mailFrom: "nobody" } }, '  apprun:kratos.mailFrom: got "nobody"; allowed: a mail address such as "noreply@example.com"; change it'],
    [
      { kratos: { mailFrom: "noreply@example.com" } },
      "  apprun:smtpUri: got nothing; allowed: a secret with kratos.mailFrom; run: pulumi config set --secret apprun:smtpUri",
    ],
    [{ temporal: { retention: "3 days" } }, '  apprun:temporal.retention: got "3 days"; allowed: a span such as "30s", "12h" or "30d"; change it'],
    [{ temporal: { namespace: "a b" } }, '  apprun:temporal.namespace: got "a b"; allowed: letters, digits, - and _; change it'],
    [{ prometheus: [] }, "  apprun:prometheus: got a list; allowed: a map; change it"],
    [{ domain: "prod.localhost" }, '  apprun:domain: got "prod.localhost"; allowed: a domain of your own in prod; set it, such as "example.com"', "prod"],
  ])("%j", (values, message, stack) => {
    expect(messageOf(values, stack)).toEqual([message]);
  });

  it("suggests the nearest known key for a misspelt one and does not show its value", () => {
    expect(messageOf({ app: { replica: "hunter2" } })).toEqual([
      '  apprun:app.replica: got an unknown key; allowed: autoscaling, balancing, config, dbMaxConnections, logLevel, readyTimeout, redisMaxIdle, replicas, resources, storage; did you mean "replicas"?',
    ]);
    expect(messageOf({ grafanna: {} })[0]).toMatch(/^ {2}apprun:grafanna: got an unknown key; .*; did you mean "grafana"\?$/);
  });

  it("shows all problems at once, sorted by key", () => {
    expect(messageOf({ proxy: { port: 0 }, app: { replicas: "x" }, cash: {} }).map((line) => line.split(": got")[0])).toEqual([
      "  apprun:app.replicas",
      "  apprun:cash",
      "  apprun:proxy.port",
    ]);
  });

  it("asks for both halves of an external database", () => {
    expect(messageOf({ postgres: { mode: "external" } })).toEqual([
      "  apprun:postgres.external: got nothing; allowed: host, port, adminUser and sslMode of the server; add it or set postgres.mode to container",
      "  apprun:postgresAdminPassword: got nothing; allowed: a secret with postgres.mode external; run: pulumi config set --secret apprun:postgresAdminPassword",
    ]);
  });

  it("refuses a secret in plain text without showing it", () => {
    const parse = () => parseSettings({ project: "apprun", stack: "dev" }, { values: {}, secrets: {}, plainSecrets: ["smtpUri"] });
    expect(parse).toThrow(
      "Pulumi.dev.yaml has 1 problem:\n  apprun:smtpUri: got a plain text; allowed: an encrypted value; run: pulumi config set --secret apprun:smtpUri",
    );
  });
});

describe("good settings", () => {
  const settings = (stack: string) => settingsFromFile(".", "apprun", stack);

  it.each(["dev", "prod", "test", "staging", "pr-12"])("of %s are valid, with or without a file", (stack) => {
    expect(settings(stack).identity).toEqual({ project: "apprun", stack });
  });

  it("protect data everywhere but in PR stacks", () => {
    expect(["dev", "prod", "pr-3"].map((stack) => settings(stack).volumes.protect)).toEqual([true, true, false]);
  });

  it("keep the operators' pages of a public proxy on a loopback port of their own", () => {
    expect(settings("prod").proxy).toMatchObject({ bind: "public", port: 80, teamPort: 10_080 });
    expect(settings("dev").proxy).toMatchObject({ bind: "loopback", port: 8000, teamPort: 8000 });
  });

  it("keep secrets as secret outputs", async () => {
    const uri = secret("smtps://user:hunter2@mail.example.com");
    const { secrets } = parseSettings(
      { project: "apprun", stack: "dev" },
      { values: { kratos: { mailFrom: "noreply@example.com" } }, secrets: { smtpUri: uri }, plainSecrets: [] },
    );
    expect(secrets.smtpUri === undefined ? false : await isSecret(secrets.smtpUri)).toBe(true);
  });
});
