import { z } from "zod";
import { GIVEN_SECRETS, SERVICE_SETTINGS } from "../services/catalogue.ts";
import type { KnownSettings } from "../settings/kit/problems.ts";
import { flag, oneOf, stackHostName } from "../settings/kit/scalars.ts";
import { cloudflare } from "../settings/sections/cloudflare.ts";
import { docker } from "../settings/sections/docker.ts";
import { host } from "../settings/sections/host.ts";
import { kubernetes } from "../settings/sections/kubernetes.ts";
import { limits } from "../settings/sections/limits.ts";
import { policies } from "../settings/sections/policy.ts";
import { tls } from "../settings/sections/tls.ts";
import { exporters } from "./sections/exporters.ts";
import { images } from "./sections/images.ts";
import { rotation } from "./sections/rotation.ts";

/**
 * Every plain setting of a stack, by its key below `apprun:`. The defaults fit
 * the smallest host of the reference deployment; larger figures are in the stack files.
 */
export const settingsSchema = z.strictObject({
  domain: stackHostName().optional().describe("Domain of the stack, in which {stack} is its name; {stack}.localhost when absent."),
  platform: oneOf("docker", "kubernetes").default("docker").describe("What the stack runs on: one Docker Engine or a Kubernetes cluster such as k3s."),
  docker,
  kubernetes,
  host,
  images,
  policies,
  tls,
  limits,
  cloudflare,
  volumes: z.strictObject({ protect: flag().optional().describe("Whether data volumes refuse to be deleted; true except in PR stacks.") }).prefault({}),
  ...SERVICE_SETTINGS,
  exporters,
  rotation,
});

/** A stack's settings as written, with every default filled in. */
export type ParsedSettings = z.output<typeof settingsSchema>;

/** Settings that are secrets: read as Outputs, never through the schema. */
export const SECRET_KEYS = {
  ...GIVEN_SECRETS,
  kubeconfig: "A whole kubeconfig, for CI and others without a file",
  tlsCertificate: "Certificate for every host of the stack with those that signed it, in PEM; with tls.mode own",
  tlsPrivateKey: "Private key of tlsCertificate, in PEM",
  cloudflareApiToken: "Cloudflare token that the engine uses; docs/edge.md names its permissions",
  cloudflareDnsToken: "Cloudflare token that the proxy orders certificates with; with tls.acme.challenge cloudflare-dns",
} as const;
export type SecretKey = keyof typeof SECRET_KEYS;

/** What the names of settings are compared with. */
export const KNOWN_SETTINGS: KnownSettings = { schema: settingsSchema, secrets: Object.keys(SECRET_KEYS) };
