import { describe, expect, it } from "vitest";
import { IMAGE_NAMES, ROTATED_SECRET_NAMES } from "../../components/services/catalogue.ts";
import { messageOf } from "../support/record/settings.ts";

const IMAGES = [...IMAGE_NAMES].sort().join(", ");

describe("bad settings are refused with what was given, what is allowed and what to do", () => {
  it.each<[Record<string, unknown>, string, string?]>([
    [
      { domain: "Example.com" },
      '  apprun:domain: got "Example.com"; allowed: a host name in lower case such as "example.com" or "{stack}.example.com"; change it',
    ],
    [
      { domain: "{name}.example.com" },
      '  apprun:domain: got "{name}.example.com"; allowed: a host name in lower case such as "example.com" or "{stack}.example.com"; change it',
    ],
    [{ domain: 7 }, '  apprun:domain: got 7; allowed: a host name in lower case such as "example.com" or "{stack}.example.com"; change it'],
    [{ docker: { host: "localhost:2375" } }, '  apprun:docker.host: got "localhost:2375"; allowed: unix://, ssh:// or tcp:// and an address; change it'],
    [{ policies: { accept: { "route-tls": "" } } }, '  apprun:policies.accept.route-tls: got ""; allowed: a reason; change it'],
    [{ policies: { accept: { "route-tls": true } } }, "  apprun:policies.accept.route-tls: got true; allowed: a reason; change it"],
    [{ policies: { accept: ["route-tls"] } }, "  apprun:policies.accept: got a list; allowed: a map of policies and reasons; change it"],
    [{ host: { memory: "4GB" } }, '  apprun:host.memory: got "4GB"; allowed: an amount such as "512Mi" or "2Gi"; change it'],
    [{ host: { cpu: "two" } }, '  apprun:host.cpu: got "two"; allowed: CPU time such as "500m" or "1.5"; change it'],
    [
      { host: { memory: "1Gi" } },
      '  apprun:host.memory: got "1Gi"; allowed: at least 4.14Gi, the sum of the memory limits of all services; lower limits or name a larger host',
    ],
    [
      { cloudflare: { backups: { bucket: "sets", expireDays: 90 } } },
      "  apprun:cloudflare.backups.expireDays: got 90; allowed: nothing: backups and the engine's state write files once and need them for ever, so a bucket that deletes by age loses all of them; change it",
    ],
    [
      { host: { disk: "10Gi" } },
      '  apprun:host.disk: got "10Gi"; allowed: at least 19.91Gi, the sum of the planned sizes of all volumes; lower sizes or name a larger host',
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
    [{ tls: { mode: "on" } }, '  apprun:tls.mode: got "on"; allowed: one of "off", "local-ca", "own", "acme", "origin"; change it'],
    [
      { domain: "example.com", tls: { mode: "acme" } },
      "  apprun:tls.acme: got nothing; allowed: email and challenge with tls.mode acme; add it or choose another mode",
      "staging",
    ],
    [
      { tls: { acme: { email: "ops@example.com" } } },
      "  apprun:tls.acme: got a map; allowed: nothing but with tls.mode acme; remove it or set tls.mode to acme",
    ],
    [
      { domain: "example.com", tls: { mode: "acme", acme: { email: "ops@example.com" } } },
      '  apprun:tls.acme.challenge: got "http"; allowed: "http" where the proxy is public on port 80, which the authority asks; set it to "cloudflare-dns", or change proxy.bind and proxy.port',
    ],
    [
      { domain: "example.com", tls: { mode: "acme", acme: { email: "ops@example.com", challenge: "cloudflare-dns" } } },
      "  apprun:cloudflareDnsToken: got nothing; allowed: a secret with tls.acme.challenge cloudflare-dns; run: pulumi config set --secret apprun:cloudflareDnsToken",
    ],
    [
      { proxy: { tlsPort: 8000 }, tls: { mode: "local-ca" } },
      "  apprun:proxy.tlsPort: got 8000; allowed: another port than proxy.port and proxy.teamPort; change one of them",
    ],
    [
      { tls: { mode: "origin" } },
      '  apprun:tls.mode: got "origin"; allowed: another mode without cloudflare.enabled and cloudflare.origin proxy: only Cloudflare trusts such a certificate; change one of them',
    ],
    [
      { platform: "kubernetes", domain: "example.com", tls: { mode: "acme" } },
      "  apprun:kubernetes.ingress.clusterIssuer: got nothing; allowed: the name of cert-manager's issuer, with tls.mode acme; set it",
    ],
    [{ limits: { maxBody: "10MB" } }, '  apprun:limits.maxBody: got "10MB"; allowed: an amount such as "512Mi" or "2Gi"; change it'],
    [{ limits: { rates: { login: { average: 0 } } } }, "  apprun:limits.rates.login.average: got 0; allowed: a whole number from 1 to 100000; change it"],
    [{ cloudflare: { accountId: "mine" } }, '  apprun:cloudflare.accountId: got "mine"; allowed: 32 hexadecimal digits; change it'],
    [
      { cloudflare: { address: "not an address" } },
      '  apprun:cloudflare.address: got "not an address"; allowed: an IPv4 or IPv6 address or a host name; change it',
    ],
    [{ volumes: { protect: "yes" } }, '  apprun:volumes.protect: got "yes"; allowed: true or false; change it'],
    [{ app: { replicas: 0 } }, "  apprun:app.replicas: got 0; allowed: a whole number from 1 to 20; change it"],
    [{ app: { balancing: "random" } }, '  apprun:app.balancing: got "random"; allowed: one of "round-robin", "least-loaded"; change it'],
    [{ app: { config: "feature: on" } }, '  apprun:app.config: got "feature: on"; allowed: a map of settings; change it'],
    [{ app: { dbMaxConnections: 2, replicas: 3 } }, "  apprun:app.dbMaxConnections: got 2; allowed: at least 1 for each of 3 replicas; raise it"],
    [
      { app: { resources: { requests: { cpu: "2" } } } },
      '  apprun:app.resources.requests.cpu: got "2"; allowed: at most the limit, 1; lower it or raise the limit',
    ],
    [
      { grafana: { resources: { requests: { memory: "1Gi" } } } },
      '  apprun:grafana.resources.requests.memory: got "1Gi"; allowed: at most the limit, 256Mi; lower it or raise the limit',
    ],
    [
      { postgres: { upgradeFrom: 17 } },
      "  apprun:postgres.upgradeFrom: got 17; allowed: an older major version than the image's, 17: a server never reads the data of a newer one; set images.pins.postgres.tag to a newer version or remove postgres.upgradeFrom",
    ],
    [
      { platform: "kubernetes", postgres: { upgradeFrom: 15 } },
      "  apprun:postgres.upgradeFrom: got 15; allowed: nothing with postgres.mode container on platform kubernetes: only a server in a container on a Docker host is upgraded in place; remove it; elsewhere bring up a second stack with the new version and move a dump there",
    ],
    [
      { platform: "kubernetes", postgres: { mode: "operator" }, rotation: { "postgres-superuser": 2 } },
      "  apprun:rotation.postgres-superuser: got 2; allowed: 1 with postgres.mode operator, which changes its superuser's password in its own time, later than the jobs that use it; remove it",
    ],
    [{ rotation: { "cache-password": 0 } }, "  apprun:rotation.cache-password: got 0; allowed: a whole number from 1 to 10000; change it"],
    [
      { rotation: { "apprun-encryption-key": 2 } },
      "  apprun:rotation.apprun-encryption-key: got 2; allowed: nothing: data is encrypted with this key and the app takes one key only, so a new one would make that data unreadable; change it",
    ],
    [
      { rotation: { "cache-pasword": 2 } },
      `  apprun:rotation.cache-pasword: got an unknown key; allowed: ${[...ROTATED_SECRET_NAMES, "apprun-encryption-key"].sort().join(", ")}; did you mean "cache-password"?`,
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
    [
      { app: { autoscaling: { maxReplicas: 4 } } },
      "  apprun:app.autoscaling: got a map; allowed: nothing with platform docker, which runs a fixed number of replicas; remove it and set app.replicas",
    ],
    [
      { platform: "kubernetes", app: { replicas: 4, autoscaling: { maxReplicas: 4 } } },
      "  apprun:app.autoscaling.maxReplicas: got 4; allowed: more than app.replicas (4); raise it or lower app.replicas",
    ],
    [
      { platform: "kubernetes", app: { balancing: "least-loaded" } },
      '  apprun:app.balancing: got "least-loaded"; allowed: "round-robin" with platform kubernetes: an Ingress has no other way; remove it',
    ],
    [
      { postgres: { mode: "operator" }, host: { memory: "8Gi", disk: "40Gi" } },
      '  apprun:postgres.mode: got "operator"; allowed: "container" or "external" with platform docker; choose one, or set platform to kubernetes',
    ],
    [
      { platform: "kubernetes", host: { memory: "8Gi" } },
      "  apprun:host: got a map; allowed: nothing with platform kubernetes; remove it or change apprun:platform",
    ],
    [{ kubernetes: { context: "k3s" } }, "  apprun:kubernetes: got a map; allowed: nothing with platform docker; remove it or change apprun:platform"],
    [
      { platform: "kubernetes", kubernetes: { clusterCidrs: ["10.42.0.0"] } },
      '  apprun:kubernetes.clusterCidrs.0: got "10.42.0.0"; allowed: a list of address ranges such as ["10.42.0.0/16"]; change it',
    ],
    [{ platform: "nomad" }, '  apprun:platform: got "nomad"; allowed: one of "docker", "kubernetes"; change it'],
    [{ slo: { availability: 100 } }, "  apprun:slo.availability: got 100; allowed: a percentage from 50 to 99.99; change it"],
    [
      { alerting: { email: { to: "operators", from: "apprun@example.com", smarthost: "mail.example.com:587" } } },
      '  apprun:alerting.email.to: got "operators"; allowed: a mail address such as "operators@example.com"; change it',
    ],
    [
      { alerting: { email: { to: "o@example.com", from: "a@example.com", smarthost: "mail.example.com" } } },
      '  apprun:alerting.email.smarthost: got "mail.example.com"; allowed: "host:port" of a mail server; change it',
    ],
    [
      { alerting: { email: { to: "o@example.com", from: "a@example.com", smarthost: "mail.example.com:25", username: "a" } } },
      "  apprun:alertEmailPassword: got nothing; allowed: a secret with alerting.email.username; run: pulumi config set --secret apprun:alertEmailPassword",
    ],
    [
      { prometheus: { enabled: false }, alerting: { email: { to: "o@example.com", from: "a@example.com", smarthost: "mail.example.com:25" } } },
      "  apprun:prometheus.enabled: got false; allowed: true where alerts have a receiver; set it to true, or remove alerting.email and the receivers' secrets",
    ],
    [
      { nats: { resources: { requests: { memory: "1Gi" } } } },
      '  apprun:nats.resources.requests.memory: got "1Gi"; allowed: at most the limit, 256Mi; lower it or raise the limit',
    ],
    [{ exporters: { kubelets: true } }, "  apprun:exporters.kubelets: got true; allowed: false with platform docker, which has none; remove it"],
    [
      { platform: "kubernetes", exporters: { kubelets: true, kubernetes: false } },
      "  apprun:exporters.kubelets: got true; allowed: true with exporters.kubernetes, which knows the limits; set exporters.kubernetes to true too",
    ],
    [{ tracing: { sampling: 101 } }, "  apprun:tracing.sampling: got 101; allowed: a percentage from 0 to 100; change it"],
    [{ logs: { enabled: true, retention: "23h" } }, '  apprun:logs.retention: got "23h"; allowed: at least "24h"; raise it'],
    [
      { cloudflare: { enabled: true, accountId: "a".repeat(32), zones: [{ name: "example.com", mange: true }] } },
      '  apprun:cloudflare.zones.0.mange: got an unknown key; allowed: id, manage, name; did you mean "manage"?',
    ],
    [{ nats: { enabled: "yes" } }, '  apprun:nats.enabled: got "yes"; allowed: true or false; change it'],
    [
      { exporters: { resources: { requests: { memory: "1Gi" } } } },
      '  apprun:exporters.resources.requests.memory: got "1Gi"; allowed: at most the limit, 48Mi; lower it or raise the limit',
    ],
    [
      { tracing: { resources: { requests: { memory: "2Gi" } } } },
      '  apprun:tracing.resources.requests.memory: got "2Gi"; allowed: at most the limit, 1Gi; lower it or raise the limit',
    ],
    [
      { logs: { resources: { requests: { cpu: "4" } } } },
      '  apprun:logs.resources.requests.cpu: got "4"; allowed: at most the limit, 1; lower it or raise the limit',
    ],
    [
      { logs: { collectorResources: { requests: { memory: "2Gi" } } } },
      '  apprun:logs.collectorResources.requests.memory: got "2Gi"; allowed: at most the limit, 256Mi; lower it or raise the limit',
    ],
    [
      { temporal: { uiResources: { requests: { cpu: "4" } } } },
      '  apprun:temporal.uiResources.requests.cpu: got "4"; allowed: at most the limit, 250m; lower it or raise the limit',
    ],
    [{ domain: "prod.localhost" }, '  apprun:domain: got "prod.localhost"; allowed: a domain of your own in prod; set it, such as "example.com"', "prod"],
  ])("%j", (values, message, stack) => {
    expect(messageOf(values, stack)).toEqual([message]);
  });

  it("suggests the nearest known key for a misspelt one and does not show its value", () => {
    expect(messageOf({ app: { replica: "hunter2" } })).toEqual([
      '  apprun:app.replica: got an unknown key; allowed: autoscaling, balancing, config, dbIdleTransactionTimeout, dbMaxConnections, dbStatementTimeout, logLevel, readyTimeout, redisMaxIdle, replicas, resources, storage; did you mean "replicas"?',
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
});
