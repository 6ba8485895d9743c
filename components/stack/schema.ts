import { z } from "zod";
import { alerting } from "../services/alertmanager/settings.ts";
import { app } from "../services/app/settings.ts";
import { backup } from "../services/backup/settings.ts";
import { cache } from "../services/cache/settings.ts";
import { cloudflare } from "../settings/sections/cloudflare.ts";
import { docker } from "../settings/sections/docker.ts";
import { exporters } from "../services/kit/exporters-settings.ts";
import { grafana } from "../services/grafana/settings.ts";
import { host } from "../settings/sections/host.ts";
import { images } from "../settings/sections/images.ts";
import { kubernetes } from "../settings/sections/kubernetes.ts";
import { kratos } from "../services/kratos/settings.ts";
import { limits } from "../settings/sections/limits.ts";
import { logs } from "../services/logs/settings.ts";
import { nats } from "../services/nats/settings.ts";
import { policies } from "../settings/sections/policy.ts";
import { postgres } from "../services/postgres/settings.ts";
import { prometheus } from "../services/prometheus/settings.ts";
import { proxy } from "../settings/sections/proxy.ts";
import { rotation } from "../settings/sections/rotation.ts";
import { seed } from "../services/app/seed-settings.ts";
import { slo } from "../services/app/slo-settings.ts";
import { storage } from "../services/app/storage-settings.ts";
import { temporal } from "../services/temporal/settings.ts";
import { tracing } from "../services/jaeger/settings.ts";
import { tls } from "../settings/sections/tls.ts";
import type { KnownSettings } from "../settings/kit/problems.ts";
import { flag, oneOf, stackHostName } from "../settings/kit/scalars.ts";

/**
 * Every plain setting of a stack, by its key below `apprun:`. The defaults fit
 * the smallest host of seed 000; larger figures stand in the stack files.
 */
export const settingsSchema = z.strictObject({
  domain: stackHostName().optional().describe("Domain of the stack, in which {stack} is its name; {stack}.localhost when absent."),
  platform: oneOf("docker", "kubernetes").default("docker").describe("What the stack runs on: one Docker Engine or a Kubernetes cluster such as k3s."),
  docker,
  kubernetes,
  host,
  images,
  policies,
  proxy,
  tls,
  limits,
  cloudflare,
  volumes: z.strictObject({ protect: flag().optional().describe("Whether data volumes refuse to be deleted; true but for PR stacks.") }).prefault({}),
  app,
  storage,
  postgres,
  cache,
  nats,
  kratos,
  temporal,
  prometheus,
  grafana,
  exporters,
  alerting,
  slo,
  tracing,
  logs,
  backup,
  seed,
  rotation,
});

/** A stack's settings as written, with every default filled in. */
export type ParsedSettings = z.output<typeof settingsSchema>;

/** Settings that are secrets: read as Outputs, never through the schema. */
export const SECRET_KEYS = {
  encryptionKey: "Key that apprun encrypts its data with, instead of a generated one; `npm run keys` takes it from another stack",
  kratosCipher: "Key of 32 characters that Kratos encrypts its data with, instead of a generated one; `npm run keys` takes it from another stack",
  smtpUri: "SMTP connection of Kratos, such as smtps://user:password@mail.example.com:465",
  kubeconfig: "A whole kubeconfig, for CI and others without a file",
  postgresAdminPassword: "Password of postgres.external.adminUser",
  cachePassword: "Password of cache.external.username",
  storageAccessKeyId: "Key id of the object storage of storage.s3",
  storageSecretAccessKey: "Key of the object storage of storage.s3",
  tlsCertificate: "Certificate for every host of the stack with those that signed it, in PEM; with tls.mode own",
  tlsPrivateKey: "Private key of tlsCertificate, in PEM",
  cloudflareApiToken: "Cloudflare token that the engine uses; docs/edge.md names its permissions",
  cloudflareDnsToken: "Cloudflare token that the proxy orders certificates with; with tls.acme.challenge cloudflare-dns",
  alertWebhookUrl: "Webhook that gets alerts in Alertmanager's own form",
  alertSlackUrl: "Incoming webhook of Slack for alerts",
  alertFeishuUrl: "Webhook of a Feishu bot for alerts",
  alertDingtalkUrl: "Webhook of a DingTalk robot for alerts",
  alertHeartbeatUrl: "Dead man's switch: called every five minutes while alerting works",
  alertEmailPassword: "Password of alerting.email.username",
  backupAccessKeyId: "Key id of the object storage of backup.remote or postgres.operator.backup",
  backupSecretAccessKey: "Key of the object storage of backup.remote or postgres.operator.backup",
} as const;
export type SecretKey = keyof typeof SECRET_KEYS;

/** What the names of settings are compared with. */
export const KNOWN_SETTINGS: KnownSettings = { schema: settingsSchema, secrets: Object.keys(SECRET_KEYS) };
