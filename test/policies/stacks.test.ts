import { secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { findingsOf } from "../../cli/kit/policies.ts";
import { record, type Recording } from "../../cli/kit/record.ts";
import type { SecretKey } from "../../components/stack/schema.ts";
import type { Settings } from "../../components/stack/settings.ts";
import { Stack } from "../../components/stack/stack.ts";
import { everything, recordEverything, TARGETS } from "../everything.ts";
import { settingsOf } from "../support/record/stacks.ts";

const ACCEPT = { policies: { accept: { "image-digest": "the digests are those of a registry" } } };
const PUBLIC = { domain: "example.com", proxy: { bind: "public", port: 80, tlsPort: 443 } };
const REMOTE = { backup: { remote: { endpoint: "https://r2.example.com", bucket: "backups" } } };
const CLUSTER = { platform: "kubernetes", domain: "example.com", app: { replicas: 2 }, kratos: { replicas: 2 } };
const KUBERNETES = { ...CLUSTER, limits: { clients: "apart" } };
const OPTIONS = { logs: { enabled: true }, tracing: { enabled: true }, nats: { enabled: true } };
const MAIL = { kratos: { mailFrom: "noreply@example.com" } };
const ACCESS = { team: { emailDomains: ["example.com"] } };
const cloudflare = (changes: object = {}) => ({
  cloudflare: {
    enabled: true,
    accountId: "a".repeat(32),
    zones: [{ name: "example.com", id: "b".repeat(32), manage: true }],
    access: ACCESS,
    ...changes,
  },
});
const operator = (settings: object) => ({ postgres: { mode: "operator", operator: settings } });
const SECRETS = {
  remote: ["backupAccessKeyId", "backupSecretAccessKey"],
  mail: ["smtpUri"],
  own: ["tlsCertificate", "tlsPrivateKey"],
  cloudflare: ["cloudflareApiToken"],
} satisfies Record<string, readonly SecretKey[]>;

/** What the policies find in the stack that settings really make, those that are accepted left out. */
async function found(
  values: Record<string, unknown>,
  secrets: readonly (keyof typeof SECRETS)[],
  stack: string,
): Promise<readonly string[]> {
  const given = Object.fromEntries(
    secrets.flatMap((group) => SECRETS[group]).map((key) => [key, secret(`given as ${key}`)]),
  );
  const settings = settingsOf({ ...ACCEPT, ...values }, stack, given);
  return findingLines(stack, settings, await record(settings.identity, () => new Stack(settings)));
}

function findingLines(stack: string, settings: Settings, recording: Recording<Stack>): readonly string[] {
  return findingsOf({ stack, settings, recording })
    .filter(({ accepted }) => accepted === undefined)
    .map(({ enforcement, policy, message }) => `${enforcement} ${policy}: ${message.split(";")[0] ?? ""}`);
}

type Case = readonly [values: Record<string, unknown>, secrets: readonly (keyof typeof SECRETS)[], stack?: string];

/** Stacks that are as they should be. */
const GOOD: Record<string, Case> = {
  "development on a Docker host": [{}, [], "dev"],
  "a Docker host in public with a certificate of its own": [
    { ...PUBLIC, ...REMOTE, tls: { mode: "own" } },
    ["remote", "own"],
  ],
  "a Docker host in public with ordered certificates": [
    { ...PUBLIC, ...REMOTE, tls: { mode: "acme", acme: { email: "ops@example.com", challenge: "http" } } },
    ["remote"],
  ],
  "a Docker host in public with an authority of its own": [
    { ...PUBLIC, ...REMOTE, tls: { mode: "local-ca" } },
    ["remote"],
  ],
  "a Docker host behind a Cloudflare tunnel": [
    { domain: "example.com", ...REMOTE, ...cloudflare() },
    ["remote", "cloudflare"],
  ],
  "a Docker host behind Cloudflare": [
    { ...PUBLIC, ...REMOTE, tls: { mode: "origin" }, ...cloudflare({ origin: "proxy", address: "203.0.113.7" }) },
    ["remote", "cloudflare"],
  ],
  "Kubernetes with TLS": [{ ...KUBERNETES, ...REMOTE, tls: { mode: "local-ca" } }, ["remote"]],
  "Kubernetes with logs, traces and messages": [
    { ...KUBERNETES, ...REMOTE, ...OPTIONS, tls: { mode: "local-ca" } },
    ["remote"],
  ],
  "Kubernetes with mail, which one sender sends": [
    { ...KUBERNETES, ...REMOTE, ...MAIL, tls: { mode: "local-ca" } },
    ["remote", "mail"],
  ],
  "Kubernetes with TLS and an operator's database": [
    {
      ...KUBERNETES,
      ...REMOTE,
      ...operator({ backup: { destination: "s3://backups/prod" } }),
      tls: { mode: "local-ca" },
    },
    ["remote"],
  ],
  "Kubernetes with TLS and an operator's database, which the stack's own backup saves": [
    { ...KUBERNETES, ...REMOTE, ...operator({}), tls: { mode: "local-ca" } },
    ["remote"],
  ],
};

const NO_BACKUP = (label: string) => `mandatory database-backup: ${label}: got a database that nothing backs up`;
const PLAIN = ["app", "api", "websocket", "auth"].map(
  (name) => `mandatory route-tls: IngressRoute "ingressroute-${name}": got no TLS`,
);

/** Stacks with something wrong, and exactly that. */
const BAD: Record<string, readonly [Case, ...string[]]> = {
  "a pull request's stack, which takes no backups on purpose": [
    [{}, [], "pr-7"],
    'advisory database-backup: container "postgres": got a database that nothing backs up',
  ],
  "a Docker host whose backups stay there": [
    [{ ...PUBLIC, tls: { mode: "local-ca" } }, []],
    'mandatory backup-remote: backups of "postgres": got no remote repository',
  ],
  "a Docker host without backups": [
    [{ ...PUBLIC, tls: { mode: "local-ca" }, backup: { enabled: false } }, []],
    NO_BACKUP('container "postgres"'),
  ],
  "Kubernetes whose backups stay in the cluster": [
    [{ ...KUBERNETES, tls: { mode: "local-ca" } }, []],
    'mandatory backup-remote: backups of "postgres": got no remote repository',
  ],
  "Kubernetes with one of what users wait for": [
    [{ ...KUBERNETES, ...REMOTE, tls: { mode: "local-ca" }, app: {}, kratos: {} }, ["remote"]],
    'mandatory replicas: Deployment "kratos": got 1 replica',
    'mandatory replicas: Deployment "apprun": got 1 replica',
  ],
  "Kubernetes of which nobody says whether it shows the addresses of clients": [
    [{ ...CLUSTER, ...REMOTE, tls: { mode: "local-ca" } }, ["remote"]],
    "advisory client-addresses: limits.clients: got nothing on a cluster",
  ],
  "Kubernetes without TLS": [[{ ...KUBERNETES, ...REMOTE }, ["remote"]], ...PLAIN],
  "Kubernetes with an operator's database without backups": [
    [{ ...KUBERNETES, ...operator({}), tls: { mode: "local-ca" }, backup: { enabled: false } }, []],
    NO_BACKUP('Cluster "postgres"'),
  ],
};

describe("the policies on the stack that settings make", () => {
  it.each(Object.entries(GOOD))("find nothing in %s", async (_, [values, secrets, stack = "prod"]) => {
    expect(await found(values, secrets, stack)).toEqual([]);
  });

  it.each(TARGETS)("find nothing in production with everything on, on %s", async (target) => {
    expect(findingLines("prod", everything(target), await recordEverything(target))).toEqual([]);
  });

  it.each(Object.entries(BAD))(
    "find in %s that, and nothing else",
    async (_, [[values, secrets, stack = "prod"], ...expected]) => {
      expect(await found(values, secrets, stack)).toEqual(expected);
    },
  );
});
