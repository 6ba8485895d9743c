import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { hasImage } from "../support/e2e/available.ts";
import { hasChromium, LoginVisitor, openBrowser } from "../support/e2e/browser.ts";
import { MAILED_SCHEMA } from "../support/e2e/customer-schema.ts";
import { docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { certify, hasFrontProxies, startFront, stopFront, type FrontProxy } from "../support/e2e/front-proxies.ts";

const STACK = "pr-522";
const [STACK_PORT, PORT] = [10_522, 30_522];
const HOST = `${STACK}.localhost`;
const OFF = { enabled: false };
const PAGES = readFileSync(new URL("./programs/login-pages.mjs", import.meta.url), "utf8");

const SETTINGS = {
  ...SMALL,
  images: {},
  temporal: OFF,
  grafana: OFF,
  prometheus: OFF,
  app: {
    ...SMALL.app,
    image: { repository: "library/node", tag: "22-alpine", uid: 1000, gid: 1000, probeTool: "wget" },
    command: ["node", "--input-type=module", "-e", PAGES],
    variablesPreset: "none",
    variables: { LOGIN_URL: "{login.publicUrl}", LOGIN_INSIDE: "{login.internalUrl}" },
    paths: { health: "/health", metrics: "none" },
  },
  kratos: {
    identitySchemas: { customer: "customer.schema.json" },
    defaultSchema: "customer",
    methods: { totp: true },
    sessionCookie: "domain",
    mailFrom: "login@example.com",
    config: {
      selfservice: {
        methods: { password: { config: { haveibeenpwned_enabled: false } } },
        // Such a mail has a link in place of a code alone.
        flows: { recovery: { use: "link" } },
      },
    },
  },
  proxy: { port: STACK_PORT, audience: "public" },
};
const BEHIND = { ...SETTINGS, tls: { mode: "external" }, front: { port: PORT } };

const ready = hasChromium() && (await hasImage("node:22-alpine"));

describe.skipIf(!ready)("the login in a real browser (skipped without Chromium and node:22-alpine)", () => {
  const project = new TestProject(STACK, SMALL);
  let browser: Browser;
  const up = async (settings: object) => {
    project.configure({ ...settings });
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    await project.rememberSalt();
  };
  /** The link in the last mail of a kind, as it waits for a mail server that is not there. */
  const linkTo = (recipient: string, kind: "recovery" | "verification_code") =>
    vi.waitFor(async () => {
      const query = `select body from courier_messages where recipient = '${recipient}' and template_type = '${kind}_valid' order by created_at desc limit 1`;
      const mail = await docker(
        ...["exec", `apprun-${STACK}-postgres`, "psql", "-XAtq", "-U", "postgres", "-d", "kratos", "-c", query],
      );
      const [link] = /https?:\S+/.exec(mail) ?? [];
      if (link === undefined) throw new Error(`no link for ${recipient}: ${mail}`);
      return link;
    }, 10_000);
  /** Proves a mail address, forgets the password and gets a new one, by the links in the mails. */
  const followMails = async (visitor: LoginVisitor, app: string, email: string, password: string) => {
    const login = new URL(app);
    login.hostname = `auth.${login.hostname}`;
    const proof = await linkTo(email, "verification_code");
    expect(proof).toContain(`${login.href}self-service/verification?`);
    await visitor.open(proof);
    await visitor.send("code", {});
    expect((await visitor.messages()).join(" ")).toMatch(/successfully verified/);
    await visitor.leave();

    await visitor.begin("recovery");
    await visitor.send("link", { email });
    expect((await visitor.messages()).join(" ")).toMatch(/recovery link has been sent/);
    const recovery = await linkTo(email, "recovery");
    expect(recovery).toContain(`${login.href}self-service/recovery?`);
    await visitor.open(recovery);
    expect(visitor.address()).toContain(`${app}auth/settings?flow=`);
    await visitor.send("password", { password });
    expect((await visitor.messages()).join(" ")).toMatch(/changes have been saved/);
    expect(await visitor.who()).toBe(`${email} aal1`);
  };
  /** Registers, follows the links of mails, takes a code as a second factor, leaves and comes back, at the app's public address. */
  const visit = async (app: string) => {
    const context = await browser.createBrowserContext();
    const visitor = new LoginVisitor(await context.newPage(), app);
    const person = { "traits.email": `${randomBytes(6).toString("hex")}@example.com`, "traits.company": "Engines" };
    const [forgotten, password] = [randomBytes(16).toString("hex"), randomBytes(16).toString("hex")];
    expect(await visitor.who()).toBe("nobody");

    await visitor.begin("registration");
    await visitor.send("profile", person);
    await visitor.send("password", { password: forgotten });
    expect([await visitor.messages(), visitor.address()]).toEqual([[], app]);
    expect(await visitor.who()).toBe(`${person["traits.email"]} aal1`);
    expect(await visitor.cookie()).toMatchObject({
      domain: `.${HOST}`,
      httpOnly: true,
      secure: true,
    });

    await followMails(visitor, app, person["traits.email"], password);

    await visitor.begin("settings");
    const secret = await visitor.totpSecret();
    await visitor.sendCode(secret);
    await visitor.leave();
    expect([visitor.address(), await visitor.who()]).toEqual([app, "nobody"]);

    await visitor.begin("login");
    await visitor.send("password", { identifier: person["traits.email"], password: "another one" });
    expect((await visitor.messages()).join(" ")).toMatch(/credentials are invalid/);
    await visitor.send("password", { identifier: person["traits.email"], password });
    // The password alone opens nothing any more.
    expect(await visitor.who()).toBe("nobody");
    await visitor.begin("login", "?aal=aal2");
    await visitor.sendCode(secret);
    expect(await visitor.who()).toBe(`${person["traits.email"]} aal2`);
    await context.close();
  };

  beforeAll(async () => {
    await wipe(STACK);
    mkdirSync(project.directory, { recursive: true });
    writeFileSync(join(project.directory, "customer.schema.json"), JSON.stringify(MAILED_SCHEMA));
    expect((await project.cli(["preview"])).code).toBe(0); // makes the stack and its passphrase
    const set = ["config", "set", "--secret", "apprun:smtpUri", "smtp://127.0.0.1:2525/?disable_starttls=true"];
    expect((await project.pulumi(set)).code).toBe(0);
    await project.rememberSalt();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await project.cli(["destroy", "--remove-data", "--confirm", STACK]);
    await wipe(STACK);
  });

  it("registers, logs out and logs in with a second factor, and the app sees the session", async () => {
    await up(SETTINGS);
    await visit(`http://${HOST}:${STACK_PORT}/`);
  });

  describe.skipIf(!hasFrontProxies())("behind a proxy that ends TLS (skipped without nginx, Caddy and HAProxy)", () => {
    const place = { directory: join(project.directory, "front"), host: HOST, port: PORT, stackPort: STACK_PORT };
    let front: ChildProcess | undefined;
    beforeAll(() => certify(place));
    afterEach(() => front && stopFront(front));

    it.each<[FrontProxy, object]>([
      ["nginx", BEHIND.front],
      ["caddy", BEHIND.front],
      ["haproxy", { port: PORT, clientAddress: "proxy-protocol" }],
    ])("%s: the same at the public address", async (proxy, settings) => {
      await up({ ...BEHIND, front: settings });
      front = await startFront(proxy, place);
      await visit(`https://${HOST}:${PORT}/`);
    });
  });
});
