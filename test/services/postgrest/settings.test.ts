import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ownConnections } from "../../../components/services/postgrest/api-roles.ts";
import { keySetProblem } from "../../../components/services/postgrest/key-set.ts";
import { budget } from "../../../components/stack/budget.ts";
import { parseSettings } from "../../../components/stack/parse.ts";
import { databaseRoles } from "../../../components/stack/database-roles.ts";
import { CA_CERTIFICATE } from "../../support/fakes/certificate.ts";
import { messageOf } from "../../support/record/settings.ts";
import { settingsOf } from "../../support/record/stacks.ts";

const KUBERNETES = { platform: "kubernetes", domain: "example.com" };

describe("the settings of PostgREST", () => {
  it("switch nothing on by themselves, and serve nobody without a token", () => {
    expect(settingsOf({}).postgrest).toMatchObject({
      enabled: false,
      mode: "internal",
      schemas: ["api"],
      anonymous: false,
      pool: 10,
      maxRows: 1000,
    });
    expect(databaseRoles(settingsOf({})).map(({ role }) => role)).not.toContain("authenticator");
  });

  it.each<[Record<string, unknown>, string]>([
    [
      { schemas: ["public"] },
      '  apprun:postgrest.schemas.0: got "public"; allowed: a schema of its own for the API: the app\'s own tables are in public, and whoever may read one would see all of it; name one such as "api", with views and functions for what clients may have',
    ],
    [
      { schemas: ["api", "pg_catalog"] },
      '  apprun:postgrest.schemas.1: got "pg_catalog"; allowed: a schema of its own for the API: PostgreSQL\'s own tables are in it; name one such as "api", with views and functions for what clients may have',
    ],
    [
      { schemas: ["information_schema"] },
      '  apprun:postgrest.schemas.0: got "information_schema"; allowed: a schema of its own for the API: PostgreSQL\'s own tables are in it; name one such as "api", with views and functions for what clients may have',
    ],
    [{ schemas: ["api", "api"] }, '  apprun:postgrest.schemas: got "api" twice; allowed: each schema once; remove one'],
    [{ schemas: [] }, '  apprun:postgrest.schemas: got a list; allowed: a list of schemas such as ["api"]; change it'],
    [
      { schemas: ['a"; drop'] },
      '  apprun:postgrest.schemas.0: got "a\\"; drop"; allowed: a name of at most 50 small letters, digits and underscores such as "api"; change it',
    ],
    [
      { preRequest: "check_request" },
      '  apprun:postgrest.preRequest: got "check_request"; allowed: a function with its schema such as "api.check_request"; change it',
    ],
    [
      { origins: ["*"] },
      '  apprun:postgrest.origins.0: got "*"; allowed: an origin such as "https://example.com" or "http://localhost:3000"; change it',
    ],
    [
      { jwks: "deploy/none.json" },
      '  apprun:postgrest.jwks: got "deploy/none.json", which is not there; allowed: a file of the project; change it',
    ],
    [
      { jwks: "../keys.json" },
      '  apprun:postgrest.jwks: got "../keys.json"; allowed: the path of a file of the project such as "deploy/web.yaml"; change it',
    ],
  ])("%j are refused", (postgrest, message) => {
    expect(messageOf({ postgrest: { enabled: true, ...postgrest } })).toEqual([message]);
  });

  it("refuse nothing while it is off", () => {
    expect(messageOf({ postgrest: { schemas: ["public"] } })).toEqual([]);
  });

  it("refuse a route on a cluster whose controller takes nothing from a path", () => {
    const postgrest = { enabled: true, mode: "route" };
    const kubernetes = { context: "prod", ingress: { controller: "other", class: "nginx" } };
    expect(messageOf({ ...KUBERNETES, kubernetes, postgrest })).toEqual([
      '  apprun:postgrest.mode: got "route"; allowed: "internal" with kubernetes.ingress.controller other: an Ingress takes nothing from a path; change it, and let the app forward requests',
    ]);
    expect(messageOf({ ...KUBERNETES, kubernetes, postgrest: { enabled: true } })).toEqual([]);
  });

  it("ask for the authority of a managed server's certificate, which the image has not", () => {
    const external = { host: "db.example.com", sslMode: "verify-full" };
    const of = (more: object) =>
      messageOf({
        postgrest: { enabled: true },
        postgres: { mode: "external", external: { ...external, ...more } },
      }).filter((line) => line.includes("external.ca"));
    expect(of({})).toEqual([
      "  apprun:postgres.external.ca: got nothing; allowed: a certificate in PEM with sslMode verify-full and postgrest.enabled: PostgREST's image has no public authorities; set it to the authority that signed the server's certificate",
    ]);
    expect(of({ ca: CA_CERTIFICATE })).toEqual([]);
    expect(of({ sslMode: "require" })).toEqual([]);
  });

  it("count each replica in the budget, and nothing while it is off", () => {
    const rows = (values: Record<string, unknown>) =>
      budget(settingsOf(values)).filter(({ service }) => service === "postgrest");
    expect(rows({})).toEqual([]);
    expect(rows({ postgrest: { enabled: true, replicas: 3 } })).toEqual([
      { service: "postgrest", replicas: 3, cpu: 1500, memory: 384, disk: 0 },
    ]);
  });
});

describe("the role that PostgREST logs in with", () => {
  const authenticator = (values: Record<string, unknown>) =>
    databaseRoles(settingsOf(values)).find(({ role }) => role === "authenticator");

  it.each([
    [{ pool: 10, replicas: 1 }, 22],
    [{ pool: 10, replicas: 2 }, 33],
    [{ pool: 30, replicas: 4 }, 155],
  ])("with %j may hold %d connections: those of all replicas and of one that replaces another", (own, limit) => {
    expect(ownConnections(own)).toBe(limit);
    expect(authenticator({ postgrest: { enabled: true, ...own } })?.connectionLimit).toBe(limit);
  });

  it("has room for others that log in with it only where the settings say so", () => {
    expect(authenticator({ postgres: { apiRoles: true } })).toMatchObject({
      connectionLimit: 20,
      statementTimeout: "8s",
    });
    expect(authenticator({ postgres: { apiRoles: true }, postgrest: { enabled: true } })?.connectionLimit).toBe(42);
  });

  it("reads a large schema, and still bounds what it does for others", () => {
    const roles = databaseRoles(settingsOf({ postgrest: { enabled: true } }));
    const times = Object.fromEntries(roles.map(({ role, statementTimeout }) => [role, statementTimeout]));
    expect(times).toMatchObject({ anon: "3s", authenticated: "8s", authenticator: "60s" });
  });
});

describe("a JWKS of the project", () => {
  const RSA = { kty: "RSA", n: "abc", e: "AQAB" };
  it.each<[string, string | undefined]>([
    [JSON.stringify({ keys: [RSA, { kty: "EC", crv: "P-256", x: "a", y: "b" }] }), undefined],
    ["no JSON", "a file without keys"],
    ["[]", "a file without keys"],
    ['{"keys":[]}', "a file without keys"],
    ['{"keys":["a"]}', "a file without keys"],
    [JSON.stringify(RSA), "a file without keys"],
    [JSON.stringify({ keys: [{ ...RSA, d: "secret" }] }), 'a key with its private member "d"'],
    [JSON.stringify({ keys: [RSA, { kty: "oct", k: "secret" }] }), 'a key with its private member "k"'],
    [JSON.stringify({ keys: [{ kty: "oct" }] }), 'a key whose kty is "oct"'],
    [JSON.stringify({ keys: [{}] }), "a key whose kty is undefined"],
  ])("as %s", (text, got) => {
    expect(keySetProblem(text)?.got).toBe(got);
  });

  it("is never repeated in the message", () => {
    expect(JSON.stringify(keySetProblem(JSON.stringify({ keys: [{ kty: "oct", k: "hunter2" }] })))).not.toContain(
      "hunter2",
    );
  });

  it("is read with the settings", () => {
    const directory = mkdtempSync(join(tmpdir(), "apprun-"));
    mkdirSync(join(directory, "deploy"));
    writeFileSync(join(directory, "deploy/jwks.json"), JSON.stringify({ keys: [{ kty: "oct", k: "hunter2" }] }));
    const values = { postgrest: { enabled: true, jwks: "deploy/jwks.json" } };
    expect(() =>
      parseSettings({ project: "apprun", stack: "dev" }, { values, secrets: {}, plainSecrets: [], directory }),
    ).toThrow(
      'apprun:postgrest.jwks: got a key with its private member "k"; allowed: public keys: files of the project are no place for a secret; leave the private members out, and make new keys if the file was committed',
    );
  });
});
