import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { hasImage } from "../support/e2e/available.ts";
import { hasChromium, LoginVisitor, openBrowser } from "../support/e2e/browser.ts";
import { CUSTOMER_SCHEMA } from "../support/e2e/customer-schema.ts";
import { SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
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
    config: { selfservice: { methods: { password: { config: { haveibeenpwned_enabled: false } } } } },
  },
  proxy: { port: STACK_PORT, audience: "public" },
};
const BEHIND = { ...SETTINGS, tls: { mode: "external" }, front: { port: PORT } };

const ready = hasChromium() && (await hasImage("node:22-alpine"));

describe.skipIf(!ready)("the login in a real browser (skipped without Chromium and node:22-alpine)", () => {
  const project = new TestProject(STACK, SETTINGS);
  let browser: Browser;
  const up = async (settings: object) => {
    project.configure({ ...settings });
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    await project.rememberSalt();
  };
  /** Registers, takes a code as a second factor, leaves and comes back, at the app's public address. */
  const visit = async (app: string) => {
    const context = await browser.createBrowserContext();
    const visitor = new LoginVisitor(await context.newPage(), app);
    const person = { "traits.email": `${randomBytes(6).toString("hex")}@example.com`, "traits.company": "Engines" };
    const password = randomBytes(16).toString("hex");
    expect(await visitor.who()).toBe("nobody");

    await visitor.begin("registration");
    await visitor.send("profile", person);
    await visitor.send("password", { password });
    expect([await visitor.messages(), visitor.address()]).toEqual([[], app]);
    expect(await visitor.who()).toBe(`${person["traits.email"]} aal1`);
    expect(await visitor.cookie()).toMatchObject({
      domain: `.${HOST}`,
      httpOnly: true,
      secure: true,
    });

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
    writeFileSync(join(project.directory, "customer.schema.json"), JSON.stringify(CUSTOMER_SCHEMA));
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
