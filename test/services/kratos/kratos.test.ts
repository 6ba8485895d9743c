import { output, secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { kratosConfiguration, kratosSecrets } from "../../../components/services/kratos/config.ts";
import { database, valueOf } from "../../support/record/databases.ts";

describe("Kratos", () => {
  const args = {
    version: "v1.3.1",
    publicUrl: "http://auth.example.com/",
    appUrl: "http://example.com/",
    sessionLifespan: "24h",
  };

  it("keeps its database and its keys out of the plain configuration", async () => {
    const text = kratosConfiguration(args);
    expect(text).not.toContain("dsn");
    expect(parse(text)).toMatchObject({
      version: "v1.3.1",
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
      }),
    );
    expect(parse(secrets)).toEqual({
      dsn: "postgres://kratos:pw@postgres:5432/kratos?sslmode=disable&max_conns=8",
      secrets: { cookie: ["c", "c1"], cipher: ["k"] },
    });
  });

  it("gives the session's cookie to the login's own host, or to the whole domain where the settings say so", () => {
    const session = (changes: object) =>
      (parse(kratosConfiguration({ ...args, ...changes })) as { session: object }).session;
    expect(session({})).toEqual({ lifespan: "24h" });
    expect(session({ cookieDomain: "example.com" })).toEqual({ lifespan: "24h", cookie: { domain: "example.com" } });
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
