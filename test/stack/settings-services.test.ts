import { describe, expect, it } from "vitest";
import { ROTATED_SECRET_NAMES } from "../../components/services/catalogue.ts";
import { messageOf } from "../support/record/settings.ts";

describe("bad settings of a service are refused with what was given, what is allowed and what to do", () => {
  it.each<[Record<string, unknown>, string, string?]>([
    [{ app: { replicas: 0 } }, "  apprun:app.replicas: got 0; allowed: a whole number from 1 to 20; change it"],
    [
      { app: { balancing: "random" } },
      '  apprun:app.balancing: got "random"; allowed: one of "round-robin", "least-loaded"; change it',
    ],
    [
      { app: { config: "feature: on" } },
      '  apprun:app.config: got "feature: on"; allowed: a map of settings; change it',
    ],
    [
      { app: { env: { "API-URL": "https://example.com" } } },
      "  apprun:app.env.API-URL: got a name of another form; allowed: names of letters, digits and underscores such as STRIPE_PUBLIC_KEY; change it",
    ],
    [
      { app: { env: { API_URL: ["https://example.com"] } } },
      "  apprun:app.env.API_URL: got a list; allowed: a text, a number, true or false, or { secret: NAME } with a name below apprun:secrets; change it",
    ],
    [
      { app: { variables: { API_URL: 7 } } },
      '  apprun:app.variables.API_URL: got 7; allowed: a text such as "postgres://{database.user}:{database.password}@{database.host}/{database.name}"; change it',
    ],
    [{ app: { secretsAs: "env" } }, '  apprun:app.secretsAs: got "env"; allowed: one of "file", "variable"; change it'],
    [
      { app: { dbMaxConnections: 2, replicas: 3 } },
      "  apprun:app.dbMaxConnections: got 2; allowed: at least 1 for each of 3 replicas; raise it",
    ],
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
    [
      { rotation: { "cache-password": 0 } },
      "  apprun:rotation.cache-password: got 0; allowed: a whole number from 1 to 10000; change it",
    ],
    [
      { rotation: { "apprun-encryption-key": 2 } },
      "  apprun:rotation.apprun-encryption-key: got 2; allowed: nothing: data is encrypted with this key and the app takes one key only, so a new one would make that data unreadable; change it",
    ],
    [
      { rotation: { "cache-pasword": 2 } },
      `  apprun:rotation.cache-pasword: got an unknown key; allowed: ${ROTATED_SECRET_NAMES.join(", ")}; did you mean "cache-password"?`,
    ],
    [
      { postgres: { maxConnections: 7 } },
      "  apprun:postgres.maxConnections: got 7; allowed: a whole number from 20 to 5000; change it",
    ],
    [
      { postgres: { external: { host: "db.example.com" } } },
      "  apprun:postgres.external: got a map; allowed: nothing with postgres.mode container; set postgres.mode to external or remove postgres.external",
    ],
    [
      { postgres: { resources: { requests: { memory: "64Mi" }, limits: { memory: "128Mi" } } } },
      '  apprun:postgres.resources.limits.memory: got "128Mi"; allowed: at least 256Mi; raise it',
    ],
    [
      { cache: { engine: "memcached" } },
      '  apprun:cache.engine: got "memcached"; allowed: one of "valkey", "redis"; change it',
    ],
    [
      { cache: { maxMemory: "700Mi" } },
      '  apprun:cache.maxMemory: got "700Mi"; allowed: at most 576Mi, three quarters of cache.resources.limits.memory; lower it or raise the limit',
    ],
    [
      { kratos: { mailFrom: "nobody" } },
      '  apprun:kratos.mailFrom: got "nobody"; allowed: a mail address such as "noreply@example.com"; the name beside it is kratos.displayName; change it',
    ],
    [
      { kratos: { mailFrom: "noreply@example.com" } },
      "  apprun:smtpUri: got nothing; allowed: a secret with kratos.mailFrom; run: pulumi config set --secret apprun:smtpUri",
    ],
    [
      { temporal: { retention: "3 days" } },
      '  apprun:temporal.retention: got "3 days"; allowed: a span such as "30s", "12h" or "30d"; change it',
    ],
    [
      { temporal: { namespace: "a b" } },
      '  apprun:temporal.namespace: got "a b"; allowed: letters, digits, - and _; change it',
    ],
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
    [
      { kubernetes: { context: "k3s" } },
      "  apprun:kubernetes: got a map; allowed: nothing with platform docker; remove it or change apprun:platform",
    ],
    [
      { platform: "kubernetes", kubernetes: { clusterCidrs: ["10.42.0.0"] } },
      '  apprun:kubernetes.clusterCidrs.0: got "10.42.0.0"; allowed: a list of address ranges such as ["10.42.0.0/16", "fd00:42::/56"], none of them everybody; change it',
    ],
    [{ platform: "nomad" }, '  apprun:platform: got "nomad"; allowed: one of "docker", "kubernetes"; change it'],
    [
      { slo: { availability: 100 } },
      "  apprun:slo.availability: got 100; allowed: a percentage from 50 to 99.99; change it",
    ],
    [
      { alerting: { email: { to: "operators", from: "apprun@example.com", smarthost: "mail.example.com:587" } } },
      '  apprun:alerting.email.to: got "operators"; allowed: a mail address such as "operators@example.com"; change it',
    ],
    [
      { alerting: { email: { to: "o@example.com", from: "a@example.com", smarthost: "mail.example.com" } } },
      '  apprun:alerting.email.smarthost: got "mail.example.com"; allowed: "host:port" of a mail server; change it',
    ],
    [
      {
        alerting: {
          email: { to: "o@example.com", from: "a@example.com", smarthost: "mail.example.com:25", username: "a" },
        },
      },
      "  apprun:alertEmailPassword: got nothing; allowed: a secret with alerting.email.username; run: pulumi config set --secret apprun:alertEmailPassword",
    ],
    [
      {
        prometheus: { enabled: false },
        alerting: { email: { to: "o@example.com", from: "a@example.com", smarthost: "mail.example.com:25" } },
      },
      "  apprun:prometheus.enabled: got false; allowed: true where alerts have a receiver; set it to true, or remove alerting.email and the receivers' secrets",
    ],
    [
      { nats: { resources: { requests: { memory: "1Gi" } } } },
      '  apprun:nats.resources.requests.memory: got "1Gi"; allowed: at most the limit, 256Mi; lower it or raise the limit',
    ],
    [
      { exporters: { kubelets: true } },
      "  apprun:exporters.kubelets: got true; allowed: false with platform docker, which has none; remove it",
    ],
    [
      { platform: "kubernetes", exporters: { kubelets: true, kubernetes: false } },
      "  apprun:exporters.kubelets: got true; allowed: true with exporters.kubernetes, which knows the limits; set exporters.kubernetes to true too",
    ],
    [
      { tracing: { sampling: 101 } },
      "  apprun:tracing.sampling: got 101; allowed: a percentage from 0 to 100; change it",
    ],
    [
      { logs: { enabled: true, retention: "23h" } },
      '  apprun:logs.retention: got "23h"; allowed: at least "24h"; raise it',
    ],
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
    [
      { domain: "prod.localhost" },
      '  apprun:domain: got "prod.localhost"; allowed: a domain of your own in prod; set it, such as "example.com"',
      "prod",
    ],
  ])("%j", (values, message, stack) => {
    expect(messageOf(values, stack)).toEqual([message]);
  });
});
