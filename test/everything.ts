import { secret, type Output } from "@pulumi/pulumi";
import type { z } from "zod";
import { record, type Recording } from "../cli/kit/record.ts";
import { secretMark } from "../components/model/secret-mark.ts";
import type { SecretKey, settingsSchema } from "../components/stack/schema.ts";
import type { Settings } from "../components/stack/settings.ts";
import { Stack } from "../components/stack/stack.ts";
import { CA_CERTIFICATE } from "./support/fakes/certificate.ts";
import { OWN_SERVICES } from "./support/record/own-services.ts";
import { settingsOf } from "./support/record/stacks.ts";

export const TARGETS = ["docker", "kubernetes"] as const;
export type Target = (typeof TARGETS)[number];

type Written = z.input<typeof settingsSchema>;
/** Every section by its name: a section that the schema gets and that a target does not name fails to compile. */
type EverySection = { readonly [Section in keyof Required<Written>]: Written[Section] };

const TEAM = { emailDomains: ["example.com"], emails: ["ops@example.com"], serviceToken: true };

/** What both targets can do: the base of the comparison of the two. */
const REMOTE = { endpoint: "https://r2.example.com", bucket: "backups", region: "eu-west-1", prefix: "apprun" };
export const SHARED = {
  domain: "example.com",
  profile: undefined,
  volumes: { protect: true },
  policies: { accept: { "image-digest": "the digests are those of a registry" } },
  app: { replicas: 2, config: { feature: { uploads: true } }, paths: { hidden: ["/admin"] } },
  postgres: { extensions: ["pgcrypto", "citext"], apiRoles: true, maxConnections: 300 },
  nats: { enabled: true },
  centrifugo: {
    enabled: true,
    replicas: 2,
    origins: ["https://www.example.com"],
    channels: {
      presence: true,
      joinLeave: true,
      userLimited: true,
      subscribeForClient: true,
      publishForSubscriber: true,
      presenceForSubscriber: true,
      historyForSubscriber: true,
    },
    namespaces: { chat: { historySize: 10 } },
  },
  kratos: {
    mailFrom: "noreply@example.com",
    displayName: "Example Shop",
    methods: { code: "second-factor", totp: true, lookupSecrets: true, webauthn: "second-factor", passkey: true },
    returnUrls: ["https://www.example.com/"],
    webHooks: { registered: { flow: "registration", url: "/hooks/registered" } },
  },
  temporal: { enabled: true, ui: true, historyShards: 512 },
  prometheus: { enabled: true },
  grafana: { enabled: true, appDatabase: true },
  exporters: { postgres: true, cache: true, nats: true, host: true, kubernetes: true },
  alerting: {
    enabled: true,
    email: {
      to: "ops@example.com",
      from: "alerts@example.com",
      smarthost: "mail.example.com:587",
      username: "alerts",
      requireTls: true,
    },
  },
  tracing: { enabled: true },
  logs: { enabled: true },
  registries: {},
  services: OWN_SERVICES,
  backup: { enabled: true, remote: { ...REMOTE, ca: CA_CERTIFICATE } },
} satisfies Written;

export const SHARED_SECRETS = [
  "smtpUri",
  "alertWebhookUrl",
  "alertSlackUrl",
  "alertFeishuUrl",
  "alertDingtalkUrl",
  "alertHeartbeatUrl",
  "alertEmailPassword",
  "backupAccessKeyId",
  "backupSecretAccessKey",
] as const satisfies readonly SecretKey[];

/** For each target a stack with every service and every option that can be on together. What is off is in `OFF`, with the reason. */
export const EVERYTHING: Readonly<Record<Target, EverySection>> = {
  docker: {
    ...SHARED,
    platform: "docker",
    docker: {},
    kubernetes: undefined,
    secretsCommand: undefined,
    host: { cpu: "8", memory: "16Gi", disk: "200Gi" },
    images: {},
    proxy: { bind: "loopback", port: 8000, audience: "preview" },
    tls: { mode: "off", hsts: "180d" },
    front: undefined,
    limits: {},
    cloudflare: {
      enabled: true,
      accountId: "a".repeat(32),
      origin: "tunnel",
      zones: [{ name: "example.com", id: "b".repeat(32), manage: true }],
      access: { team: TEAM, preview: TEAM, teamName: "example" },
      plan: "pro",
      firewall: { managedRules: true, botFightMode: true },
      backups: { bucket: "state", location: "weur" },
    },
    app: { ...SHARED.app, balancing: "least-loaded" },
    storage: { mode: "local" },
    postgres: { ...SHARED.postgres, mode: "container", upgradeFrom: 16 },
    cache: { mode: "container", engine: "valkey" },
    slo: {},
    logs: { ...SHARED.logs, port: 12201 },
    backup: { ...SHARED.backup, pointInTime: { enabled: true } },
    seed: {},
    rotation: {},
  },
  kubernetes: {
    ...SHARED,
    platform: "kubernetes",
    docker: undefined,
    secretsCommand: undefined,
    kubernetes: { context: "everything", storageClass: "fast", ingress: { controller: "traefik" } },
    host: undefined,
    images: {},
    proxy: undefined,
    tls: { mode: "own", hsts: "180d" },
    front: { clientAddress: "forwarded-for", hops: 2, port: 8443 },
    limits: {},
    cloudflare: {},
    app: { ...SHARED.app, balancing: "round-robin", autoscaling: { maxReplicas: 4 } },
    storage: {
      mode: "s3",
      s3: { endpoint: "https://s3.example.com", bucket: "uploads", ca: CA_CERTIFICATE, pathStyle: true },
    },
    postgres: {
      ...SHARED.postgres,
      mode: "operator",
      operator: { backup: { destination: "s3://backups/prod", endpoint: "https://r2.example.com" } },
    },
    cache: { mode: "container", engine: "redis" },
    exporters: { ...SHARED.exporters, kubelets: true },
    slo: {},
    seed: {},
    rotation: {},
  },
};

const SECRETS: Readonly<Record<Target, readonly SecretKey[]>> = {
  docker: [...SHARED_SECRETS, "cloudflareApiToken"],
  kubernetes: [
    ...SHARED_SECRETS,
    "kubeconfig",
    "storageAccessKeyId",
    "storageSecretAccessKey",
    "tlsCertificate",
    "tlsPrivateKey",
  ],
};

const OFF_EVERYWHERE = {
  "limits.clients": "refused with what names each client: test/stack/front-settings.test.ts",
  "docker.certPath": "certificates are for an engine at tcp://",
  "images.registry": "a mirror changes every reference and nothing else: test/model/images.test.ts",
  "images.pins": "a pin changes one reference and nothing else: test/model/images.test.ts",
  registries: "who pulls changes nothing of what runs: test/stack/registries.test.ts",
  secretsCommand: "where secrets come from changes nothing of what is made of them: test/stack/own-secrets.test.ts",
  "app.image": "the catalogue's runs: test/services/app/own-image.test.ts",
  "app.command": "the image's own runs: test/services/app/own-image.test.ts",
  "app.hosts": "more of the same pages: test/stack/hosts.test.ts",
  "app.redirects": "more of the same pages: test/stack/hosts.test.ts",
  "kratos.config": "it changes kratos.yml alone: test/services/kratos",
  "kratos.identitySchemas": "schemas are files of a project: test/services/kratos",
  "kratos.mailTemplates": "templates are files of a project: test/services/kratos",
  "kratos.providers": "they are in the secret file alone: test/services/kratos",
  "app.files": "files change one workload: test/services/app/migrate.test.ts",
  "app.createAdmin": "a command that an operator runs: test/cli/commands/create-admin.test.ts",
  "app.migrate": "a job before the app: test/services/app/migrate.test.ts",
  "app.env": "further variables change nothing of the platform's: test/services/app/told.test.ts",
  "app.variables": "the preset's names are told: test/services/app/told.test.ts",
  "app.secretsAs": "the preset decides: test/services/app/told.test.ts",
  "app.paths.ready": "the path of health: test/services/app/own-image.test.ts",
  "postgres.external": "postgres.mode is another: test/stack/external.test.ts",
  "cache.external": "cache.mode is container: test/stack/external.test.ts",
  "seed.files": "refused outside of PR stacks: test/services/app/seed.test.ts",
  rotation: "every generation is raised alone: test/stack/rotation.test.ts",
  "tls.acme": "tls.mode is another: test/platform/docker/proxy.test.ts",
  "kubernetes.kubeconfig": "the secret kubeconfig holds a whole one",
  "kubernetes.sharedStorageClass": "files are in a bucket, so no volume is shared: test/stack/kubernetes.test.ts",
  "kubernetes.egressCidrs": "one part of one rule: test/platform/kubernetes/egress.test.ts",
  "kubernetes.egressNamespaces": "one part of one rule: test/platform/kubernetes/egress.test.ts",
  "kubernetes.ingress.addresses": "one part of one rule: test/platform/kubernetes/egress.test.ts",
  "kubernetes.ingress.annotations": "of another controller: test/platform/kubernetes/ingress.test.ts",
  "kubernetes.ingress.clusterIssuer": "tls.mode is not acme: test/platform/kubernetes/ingress.test.ts",
  "secrets.encryptionKey": "a key that is given cannot be generated: test/services/backup/data-keys.test.ts",
  "secrets.kratosCipher": "a key that is given cannot be generated, or rotate: test/services/backup/data-keys.test.ts",
  "secrets.postgresAdminPassword": "refused unless postgres.mode is external",
  "secrets.cachePassword": "refused unless cache.mode is external",
  "secrets.cloudflareDnsToken": "read with tls.mode acme only",
} as const;

/** What is off on each target, by the beginning of its path, with the reason: each of these excludes something that is on. */
export const OFF: Readonly<Record<Target, Readonly<Record<string, string>>>> = {
  docker: {
    ...OFF_EVERYWHERE,
    kubernetes: "refused with platform docker",
    "secrets.kubeconfig": "a Docker host has none",
    "exporters.kubelets": "refused with platform docker",
    "app.autoscaling": "refused with platform docker",
    "proxy.tlsPort": "TLS ends at Cloudflare",
    "proxy.teamPort": "refused with proxy.bind loopback, which the tunnel asks for",
    "cloudflare.apiUrl": "the address of a test's server",
    "cloudflare.address": "cloudflare.origin is tunnel: test/edge/cloudflare-proxy.test.ts",
    front: "refused with cloudflare.enabled: test/stack/front.test.ts",
    "postgres.operator.backup": "postgres.mode is container",
    "storage.s3": "refused with storage.mode local",
    "secrets.storageAccessKeyId": "refused with storage.mode local",
    "secrets.storageSecretAccessKey": "refused with storage.mode local",
    "secrets.tlsCertificate": "refused unless tls.mode is own",
    "secrets.tlsPrivateKey": "refused unless tls.mode is own",
  },
  kubernetes: {
    ...OFF_EVERYWHERE,
    proxy: "refused with platform kubernetes",
    cloudflare: "refused with platform kubernetes",
    "secrets.cloudflareApiToken": "cloudflare.enabled is false",
    "front.addresses": "refused with platform kubernetes: test/stack/front.test.ts",
    "logs.port": "the engine of a Docker host sends to it",
    "backup.pointInTime.enabled": "refused with platform kubernetes",
    "postgres.upgradeFrom": "refused with platform kubernetes",
  },
};

/** Secrets that are given, as marks that `holdsSecret` finds. */
export function marked(keys: readonly SecretKey[]): Settings["secrets"] {
  return Object.fromEntries(keys.map((key): [SecretKey, Output<string>] => [key, secret(secretMark(key))]));
}

/** The settings of the stack with everything on, with some sections changed. It is a production stack: every policy is mandatory there. */
export function everything(target: Target, changes: Partial<EverySection> = {}): Settings {
  return settingsOf({ ...EVERYTHING[target], ...changes }, "prod", marked(SECRETS[target]));
}

/** The stack with everything on, recorded. */
export function recordEverything(target: Target, changes: Partial<EverySection> = {}): Promise<Recording<Stack>> {
  const settings = everything(target, changes);
  return record(settings.identity, () => new Stack(settings));
}
