import { z } from "zod";
import { app } from "./schema/app.js";
import { cache } from "./schema/cache.js";
import { docker } from "./schema/docker.js";
import { grafana } from "./schema/grafana.js";
import { host } from "./schema/host.js";
import { images } from "./schema/images.js";
import { kubernetes } from "./schema/kubernetes.js";
import { kratos } from "./schema/kratos.js";
import { policies } from "./schema/policy.js";
import { postgres } from "./schema/postgres.js";
import { prometheus } from "./schema/prometheus.js";
import { proxy } from "./schema/proxy.js";
import { temporal } from "./schema/temporal.js";
import { flag, hostName, oneOf } from "./scalars.js";

/**
 * Every plain setting of a stack, by its key below `apprun:`. The defaults fit
 * the smallest host of seed 000; larger figures stand in the stack files.
 */
export const settingsSchema = z.strictObject({
  domain: hostName().optional().describe("Domain of the stack; <stack>.localhost when absent."),
  platform: oneOf("docker", "kubernetes").default("docker").describe("What the stack runs on: one Docker Engine or a Kubernetes cluster such as k3s."),
  docker,
  kubernetes,
  host,
  images,
  policies,
  proxy,
  volumes: z.strictObject({ protect: flag().optional().describe("Whether data volumes refuse to be deleted; true but for PR stacks.") }).prefault({}),
  app,
  postgres,
  cache,
  kratos,
  temporal,
  prometheus,
  grafana,
});

/** A stack's settings as written, with every default filled in. */
export type ParsedSettings = z.output<typeof settingsSchema>;

/** Settings that are secrets: read as Outputs, never through the schema. */
export const SECRET_KEYS = {
  smtpUri: "SMTP connection of Kratos, such as smtps://user:password@mail.example.com:465",
  kubeconfig: "A whole kubeconfig, for CI and others without a file",
  postgresAdminPassword: "Password of postgres.external.adminUser",
  backupAccessKeyId: "Key id of the object storage of postgres.operator.backup",
  backupSecretAccessKey: "Key of the object storage of postgres.operator.backup",
} as const;
export type SecretKey = keyof typeof SECRET_KEYS;
