import { z } from "zod";
import { merged } from "../services/catalogue.ts";
import type { Service } from "../services/service.ts";
import type { KnownSettings } from "../settings/kit/known-keys.ts";
import { flag, oneOf, stackHostName, text } from "../settings/kit/scalars.ts";
import { cloudflare } from "../settings/sections/cloudflare.ts";
import { docker } from "../settings/sections/docker.ts";
import { front } from "../settings/sections/front.ts";
import { host } from "../settings/sections/host.ts";
import { kubernetes } from "../settings/sections/kubernetes.ts";
import { limits } from "../settings/sections/limits.ts";
import { registries } from "../settings/sections/registries.ts";
import { policies } from "../settings/sections/policy.ts";
import { tls } from "../settings/sections/tls.ts";
import { OWN_SECRETS } from "./own-secrets.ts";
import { exportersSection } from "./sections/exporters.ts";
import { imagesSection } from "./sections/images.ts";
import { rotationSection } from "./sections/rotation.ts";

const COMMAND = 'a list of a program and its arguments, such as ["sops", "decrypt", "secrets.json"]';

/**
 * Every plain setting of a stack that can have these services, by its key below
 * `apprun:`. The defaults fit the smallest host of the reference deployment;
 * larger figures are in the stack files.
 */
const schemaOf = (services?: readonly Service[]) =>
  z.strictObject({
    domain: stackHostName()
      .optional()
      .describe("Domain of the stack, in which {stack} is its name; {stack}.localhost when absent."),
    platform: oneOf("docker", "kubernetes")
      .default("docker")
      .describe("What the stack runs on: one Docker Engine or a Kubernetes cluster such as k3s."),
    profile: oneOf("standard", "light")
      .default("standard")
      .describe(
        "Defaults of every setting: light is for a small Docker host, without monitoring and with small limits. What the stack file says comes first.",
      ),
    secretsCommand: z
      .array(text(COMMAND), { error: COMMAND })
      .min(1, COMMAND)
      .optional()
      .describe(
        "Program and arguments that print secrets by name in JSON, for names that apprun:secrets does not have; run without a shell.",
      ),
    docker,
    kubernetes,
    host,
    images: imagesSection(services),
    registries,
    policies,
    tls,
    front: front.optional(),
    limits,
    cloudflare,
    volumes: z
      .strictObject({
        protect: flag().optional().describe("Whether data volumes refuse to be deleted; true except in PR stacks."),
      })
      .prefault({}),
    ...merged("settings", services),
    exporters: exportersSection(services),
    rotation: rotationSection(services),
  });

export const settingsSchema = schemaOf();

/** A stack's settings as written, with every default filled in. */
export type ParsedSettings = z.output<typeof settingsSchema>;

/** Settings that are secrets: read as Outputs, never through the schema. */
const secretKeysOf = (services?: readonly Service[]) =>
  ({
    ...merged("givenSecrets", services),
    kubeconfig: "A whole kubeconfig, for CI and others without a file",
    tlsCertificate: "Certificate for every host of the stack with those that signed it, in PEM; with tls.mode own",
    tlsPrivateKey: "Private key of tlsCertificate, in PEM",
    cloudflareApiToken: "Cloudflare token that the engine uses; docs/cloudflare.md names its permissions",
    cloudflareDnsToken:
      "Cloudflare token that the proxy orders certificates with; with tls.acme.challenge cloudflare-dns",
  }) as const;
export const SECRET_KEYS = secretKeysOf();
export type SecretKey = keyof typeof SECRET_KEYS;

/** What a stack that can have these services can be told. */
export function knownSettings(
  services?: readonly Service[],
): KnownSettings & { readonly schema: typeof settingsSchema } {
  return { schema: schemaOf(services), secrets: [...Object.keys(secretKeysOf(services)), OWN_SECRETS] };
}
