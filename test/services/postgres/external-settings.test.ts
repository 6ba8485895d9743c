import { secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { SECRET_KEYS, type SecretKey } from "../../../components/stack/schema.ts";
import { CA_CERTIFICATE } from "../../support/fakes/certificate.ts";
import { messageOf } from "../../support/record/settings.ts";

/** The messages for a stack with these settings and secrets. */
function messagesOf(values: Record<string, unknown>, secrets: readonly SecretKey[] = []): string[] {
  return messageOf(values, "dev", Object.fromEntries(secrets.map((key) => [key, secret(SECRET_KEYS[key])])));
}

const POSTGRES = { mode: "external", external: { host: "db.example.com" } };
const postgres = (more: object) => ({ postgres: { ...POSTGRES, external: { ...POSTGRES.external, ...more } } });
const cache = (more: object) => ({ cache: { mode: "external", external: { host: "cache.example.com", ...more } } });
const S3 = { mode: "s3", s3: { bucket: "apprun-storage" } };

describe("a managed PostgreSQL", () => {
  it("may have a certificate of an authority of its own", () => {
    expect(messagesOf(postgres({ sslMode: "verify-full", ca: CA_CERTIFICATE }), ["postgresAdminPassword"])).toEqual([]);
  });

  it.each([
    [
      { sslMode: "verify-ca" },
      "postgres.external.ca: got nothing; allowed: a certificate in PEM with sslMode verify-ca; set it, or sslMode to verify-full for public authorities",
    ],
    [
      { ca: CA_CERTIFICATE },
      "postgres.external.ca: got a certificate; allowed: nothing with sslMode require, which looks at none; set sslMode to verify-full",
    ],
    [
      { sslMode: "verify-full", ca: "-----BEGIN PRIVATE KEY-----" },
      'postgres.external.ca: got a text that is no certificate; allowed: a certificate in PEM, from "-----BEGIN CERTIFICATE-----" on; change it',
    ],
  ])("with %j is refused, and no key is shown", (more, message) => {
    expect(messagesOf(postgres(more), ["postgresAdminPassword"])).toEqual([`  apprun:${message}`]);
  });

  it("has its password only with its mode", () => {
    expect(messagesOf({}, ["postgresAdminPassword"])).toEqual([
      "  apprun:postgresAdminPassword: got a secret; allowed: nothing with postgres.mode container; remove it or set postgres.mode to external",
    ]);
  });
});

it("an extension that is not trusted is refused", () => {
  expect(messagesOf({ postgres: { extensions: ["file_fdw"] } })).toEqual([
    expect.stringMatching(
      /^ {2}apprun:postgres\.extensions\.0: got "file_fdw"; allowed: one of "btree_gin", .*"uuid-ossp"; change it$/,
    ),
  ]);
});

describe("a managed cache", () => {
  it("needs host and password, and no memory of this host", () => {
    expect(messagesOf({ cache: { mode: "external" } })).toEqual([
      "  apprun:cache.external: got nothing; allowed: host, port, tls and username of the server; add it or set cache.mode to container",
      "  apprun:cachePassword: got nothing; allowed: a secret with cache.mode external; run: pulumi config set --secret apprun:cachePassword",
    ]);
    expect(messagesOf({ cache: { ...cache({}).cache, maxMemory: "64Gi" } }, ["cachePassword"])).toEqual([]);
  });

  it.each([
    [
      { tls: false, ca: CA_CERTIFICATE },
      "cache.external.ca: got a certificate; allowed: nothing with cache.external.tls false; remove it or set tls to true",
    ],
    [
      { ca: "none" },
      'cache.external.ca: got a text that is no certificate; allowed: a certificate in PEM, from "-----BEGIN CERTIFICATE-----" on; change it',
    ],
    [
      { username: "a b" },
      'cache.external.username: got "a b"; allowed: the name of a user: letters, digits, dots, hyphens and underscores; change it',
    ],
  ])("with %j is refused", (more, message) => {
    expect(messagesOf(cache(more), ["cachePassword"])).toEqual([`  apprun:${message}`]);
  });

  it("has its settings only with its mode", () => {
    expect(messagesOf({ cache: { external: { host: "cache.example.com" } } }, ["cachePassword"])).toEqual([
      "  apprun:cache.external: got a map; allowed: nothing with cache.mode container; set cache.mode to external or remove cache.external",
      "  apprun:cachePassword: got a secret; allowed: nothing with cache.mode container, which makes its own; remove it or set cache.mode to external",
    ]);
  });
});

describe("object storage for the app's files", () => {
  it.each([
    [
      { endpoint: "http://s3.example.com", ca: CA_CERTIFICATE },
      "got a certificate; allowed: nothing without an endpoint of https; remove it or change the endpoint",
    ],
    [
      { ca: CA_CERTIFICATE },
      "got a certificate; allowed: nothing without an endpoint of https; remove it or change the endpoint",
    ],
    [
      { endpoint: "https://s3.example.com", ca: "none" },
      'got a text that is no certificate; allowed: a certificate in PEM, from "-----BEGIN CERTIFICATE-----" on; change it',
    ],
  ])("with %j is refused", (more, message) => {
    expect(
      messagesOf({ storage: { ...S3, s3: { ...S3.s3, ...more } } }, ["storageAccessKeyId", "storageSecretAccessKey"]),
    ).toEqual([`  apprun:storage.s3.ca: ${message}`]);
  });

  it("needs a bucket and both keys", () => {
    expect(messagesOf({ storage: { mode: "s3" } }, ["storageAccessKeyId"])).toEqual([
      "  apprun:storage.s3: got nothing; allowed: bucket and, except for AWS, endpoint with storage.mode s3; add it or set storage.mode to local",
      "  apprun:storageSecretAccessKey: got nothing; allowed: a secret with storage.mode s3; run: pulumi config set --secret apprun:storageSecretAccessKey",
    ]);
  });

  it("has its settings only with its mode", () => {
    expect(messagesOf({ storage: { s3: S3.s3 } }, ["storageAccessKeyId"])).toEqual([
      "  apprun:storage.s3: got a map; allowed: nothing with storage.mode local; set storage.mode to s3 or remove it",
      "  apprun:storageAccessKeyId: got a secret; allowed: nothing with storage.mode local; remove it or set storage.mode to s3",
    ]);
  });

  it("is not the bucket of the backups", () => {
    const endpoint = "https://s3.example.com";
    const values = {
      storage: { ...S3, s3: { ...S3.s3, endpoint } },
      backup: { remote: { endpoint, bucket: "apprun-storage" } },
    };
    expect(
      messagesOf(values, [
        "storageAccessKeyId",
        "storageSecretAccessKey",
        "backupAccessKeyId",
        "backupSecretAccessKey",
      ]),
    ).toEqual([
      '  apprun:storage.s3.bucket: got "apprun-storage", which is backup.remote.bucket too; allowed: a bucket of its own: whose key writes the app\'s files could remove backups there; name another',
    ]);
  });
});
