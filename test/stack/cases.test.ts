import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { record } from "../../cli/kit/record.ts";
import { secretMark } from "../../components/model/secret-mark.ts";
import { parseSettings } from "../../components/stack/parse.ts";
import { Stack } from "../../components/stack/stack.ts";
import { filesOf } from "../support/record/monitoring.ts";
import { messageOf } from "../support/record/settings.ts";
import { withApp } from "../support/record/with-app.ts";

const LIGHT = { temporal: { enabled: false }, prometheus: { enabled: false }, domain: "example.com" };

/** A stack whose project has files, and whose secret is called `own`. */
function recorded(values: Record<string, unknown>, files: Readonly<Record<string, string>> = {}) {
  const directory = mkdtempSync(join(tmpdir(), "apprun-"));
  mkdirSync(join(directory, "login"));
  for (const [path, content] of Object.entries(files)) writeFileSync(join(directory, path), content);
  const settings = parseSettings(
    { project: "apprun", stack: "dev" },
    {
      values: withApp({ ...LIGHT, ...values }),
      secrets: { smtpUri: secret(secretMark("smtpUri")) },
      ownSecrets: JSON.stringify(values).includes('"secret":"own"') ? { own: secret(secretMark("own-own")) } : {},
      plainSecrets: [],
      directory,
    },
  );
  return record(settings.identity, () => new Stack(settings));
}

const MAIL = { mailFrom: "noreply@example.com" };

describe("variables for the app (C04)", () => {
  it("reach it, secret ones as files", async () => {
    const env = { STRIPE_PUBLIC_KEY: "pk_live", FEATURE_X: "on", SENTRY_DSN: { secret: "own" } };
    const recording = await recorded({ kratos: MAIL, app: { env } });
    const app = recording.resources.find(({ type, name }) => type.endsWith(":Container") && name === "apprun");
    const { envs } = app?.inputs as { envs: string[] };
    expect(envs).toContain("STRIPE_PUBLIC_KEY=pk_live");
    expect(envs).toContain("FEATURE_X=on");
    expect(envs.find((line) => line.startsWith("SENTRY_DSN"))).toMatch(/^SENTRY_DSN_FILE=\/run\/secrets\//);
    expect(envs.join()).not.toContain(secretMark("own-own"));
  });
});

describe("schema, accounts of Google, mails in German, TOTP (C07)", () => {
  const trait = { type: "string", "ory.sh/kratos": { credentials: { password: { identifier: true } } } };
  const schema = {
    properties: { traits: { type: "object", properties: { email: trait, company: { type: "string" } } } },
  };
  const FILES = {
    "login/user.json": JSON.stringify(schema),
    "login/google.jsonnet": "{ identity: { traits: {} } }",
    "login/subject.gotmpl": "Dein Code",
  };

  it("are settings and files of the project, and the client's secret is in the secret file alone", async () => {
    const recording = await recorded(
      {
        kratos: {
          ...MAIL,
          displayName: "Example Shop",
          identitySchemas: { user: "login/user.json" },
          methods: { totp: true },
          mailTemplates: { "recovery_code/valid/email.subject.gotmpl": "login/subject.gotmpl" },
          providers: {
            google: {
              provider: "google",
              clientId: "shop",
              clientSecret: { secret: "own" },
              mapper: "login/google.jsonnet",
            },
          },
        },
      },
      FILES,
    );
    const files = filesOf(recording, "kratos");
    const directory = "/etc/config/kratos";
    expect(files.get(`${directory}/identity.schema.json`)).toBe(FILES["login/user.json"]);
    expect(files.get(`${directory}/providers/google.jsonnet`)).toBe(FILES["login/google.jsonnet"]);
    expect(files.get(`${directory}/templates/recovery_code/valid/email.subject.gotmpl`)).toBe("Dein Code");
    expect(parse(files.get(`${directory}/kratos.yml`) ?? "")).toMatchObject({
      selfservice: { methods: { totp: { enabled: true }, oidc: { enabled: true } } },
      courier: { smtp: { from_name: "Example Shop" }, template_override_path: `${directory}/templates` },
    });
    const holders = [...files].filter(([, text]) => text.includes(secretMark("own-own"))).map(([path]) => path);
    expect(holders).toEqual(["/run/secrets/kratos.yml"]);
  });
});

describe("the session's cookie for the app (C08)", () => {
  it("belongs to the stack's domain, and scripts of the API's page may ask the login", async () => {
    const kratos = { ...MAIL, sessionCookie: "domain", returnUrls: ["https://api.example.com/"] };
    const recording = await recorded({ kratos });
    expect(parse(filesOf(recording, "kratos").get("/etc/config/kratos/kratos.yml") ?? "")).toMatchObject({
      cookies: { domain: "example.com" },
      serve: { public: { cors: { allowed_origins: [expect.any(String), "https://api.example.com"] } } },
    });
  });
});

describe("an existing database (C40)", () => {
  it("is named for what uses it, and the refusal of another key says where", () => {
    const external = { host: "db.example.com", adminUser: "admin" };
    const messages = (more: object) =>
      messageOf({ postgres: { mode: "external", external: { ...external, ...more } } });
    expect(messages({ database: "shop" }).join("\n")).toContain(
      'postgres.external.database: got an unknown key; allowed: adminUser, adopt, ca, databases, host, port, provisioning, roles, sslMode; did you mean "databases"?',
    );
    expect(messages({ databases: { apprun: "shop" }, roles: { apprun: "shop_owner" } })).toEqual([
      expect.stringContaining("postgresAdminPassword: got nothing"),
    ]);
  });
});
