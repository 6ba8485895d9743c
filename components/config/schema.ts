import { z } from "zod";
import { alerting } from "./schema/alerting.js";
import { app } from "./schema/app.js";
import { backup } from "./schema/backup.js";
import { cache } from "./schema/cache.js";
import { cloudflare } from "./schema/cloudflare.js";
import { docker } from "./schema/docker.js";
import { exporters } from "./schema/exporters.js";
import { grafana } from "./schema/grafana.js";
import { host } from "./schema/host.js";
import { images } from "./schema/images.js";
import { kubernetes } from "./schema/kubernetes.js";
import { kratos } from "./schema/kratos.js";
import { limits } from "./schema/limits.js";
import { logs } from "./schema/logs.js";
import { nats } from "./schema/nats.js";
import { policies } from "./schema/policy.js";
import { postgres } from "./schema/postgres.js";
import { prometheus } from "./schema/prometheus.js";
import { proxy } from "./schema/proxy.js";
import { rotation } from "./schema/rotation.js";
import { seed } from "./schema/seed.js";
import { slo } from "./schema/slo.js";
import { storage } from "./schema/storage.js";
import { temporal } from "./schema/temporal.js";
import { tracing } from "./schema/tracing.js";
import { tls } from "./schema/tls.js";
import { flag, oneOf, stackHostName } from "./scalars.js";

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
