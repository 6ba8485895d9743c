import { output, secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { kratosConfiguration, kratosSecrets } from "../../../components/services/kratos/config.ts";
import { kratos as settings } from "../../../components/services/kratos/settings.ts";
import { isBeforeCalendar } from "../../../components/services/kratos/version.ts";
import { database, valueOf } from "../../support/record/databases.ts";

describe("Kratos", () => {
  const args = {
    version: "v26.2.0",
    publicUrl: "http://auth.example.com/",
    appUrl: "http://example.com/",
    sessionLifespan: "24h",
    login: settings.parse({}),
    appInside: "http://apprun:8080",
  };
  const none = { login: args.login, appInside: args.appInside, ownSecrets: {} };

  it("keeps its database and its keys out of the plain configuration", async () => {
    const text = kratosConfiguration(args);
    expect(text).not.toContain("dsn");
    expect(parse(text)).toMatchObject({
      version: "v26.2.0",
      serve: { public: { base_url: "http://auth.example.com/" } },
      selfservice: { flows: { login: { ui_url: "http://example.com/auth/login" } } },
    });
    const secrets = await valueOf(
      kratosSecrets({
        database,
        replicas: 2,
        cookies: [secret("c"), secret("c1")],
        ciphers: [secret("k")],
        smtpUri: output(undefined),
        ...none,
      }),
    );
    expect(parse(secrets)).toEqual({
      dsn: "postgres://kratos:pw@postgres:5432/kratos?sslmode=disable&max_conns=8",
      secrets: { cookie: ["c", "c1"], cipher: ["k"] },
    });
  });

  it.each([
    ["v26.2.0", false],
    ["v25.4.0-distroless", false],
    ["v1.3.1", true],
    ["stable", false],
  ])("of %s: %s that it refuses a secret for pages and `migrate sql up`", (tag, before) => {
    expect(isBeforeCalendar(tag)).toBe(before);
  });

  it("encrypts tokens of pages where its version does", async () => {
    const args = {
      database,
      replicas: 1,
      cookies: [secret("c")],
      ciphers: [secret("k")],
      smtpUri: output(undefined),
      ...none,
    } as const;
    const text = await valueOf(kratosSecrets({ ...args, pagination: [secret("p"), secret("p1")] }));
    expect(parse(text)).toMatchObject({ secrets: { cookie: ["c"], cipher: ["k"], pagination: ["p", "p1"] } });
  });

  it("gives its cookies to the login's own host, or to the whole domain where the settings say so", () => {
    const cookies = (changes: object) =>
      (parse(kratosConfiguration({ ...args, ...changes })) as { cookies?: object }).cookies;
    expect(cookies({})).toBeUndefined();
    expect(cookies({ cookieDomain: "example.com" })).toEqual({ domain: "example.com" });
  });

  it("offers recovery and verification only where mail can be sent", () => {
    const flows = (mail?: { from: string }) =>
      (
        parse(kratosConfiguration({ ...args, mail })) as {
          selfservice: { flows: Record<string, { enabled?: boolean }> };
        }
      ).selfservice.flows;
    expect(flows()["recovery"]?.enabled).toBe(false);
    expect(flows({ from: "noreply@example.com" })["recovery"]?.enabled).toBe(true);
  });
});
