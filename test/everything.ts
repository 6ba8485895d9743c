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
  app: {
    replicas: 2,
    config: { feature: { uploads: true } },
    paths: { hidden: ["/admin"] },
    variables: { DATABASE_DIRECT_URL: "{database.directUrl}" },
  },
  postgres: { extensions: ["pgcrypto", "citext"], apiRoles: true, maxConnections: 300 },
  pgbouncer: { enabled: true, replicas: 2 },
  nats: { enabled: true },
  storage: { mode: "local-s3" },
  seaweedfs: { bucket: "uploads" },
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
  postgrest: {
    enabled: true,
    mode: "route",
    replicas: 2,
    schemas: ["api", "reports"],
    anonymous: true,
    audience: "example.com",
    preRequest: "api.check_request",
    origins: ["https://www.example.com"],
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
  exporters: { postgres: true, pgbouncer: true, cache: true, nats: true, host: true, kubernetes: true },
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

/** For each target a stack with every service and every option that can be on together. What is off is in `off.ts`, with the reason. */
export const EVERYTHING: Readonly<Record<Target, EverySection>> = {
  docker: {
    ...SHARED,
    platform: "docker",
    docker: {},
    kubernetes: undefined,
    secretsCommand: undefined,
    host: { cpu: "8", memory: "16Gi", disk: "200Gi" },
    images: {},
    proxy: { bind: "loopback", port: 8000, audience: "preview", ipv6: true },
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
    postgres: { ...SHARED.postgres, mode: "container", upgradeFrom: 16, replica: { enabled: true, keptLog: "2Gi" } },
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
  kubernetes: [...SHARED_SECRETS, "kubeconfig", "tlsCertificate", "tlsPrivateKey"],
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
