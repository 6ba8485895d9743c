import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasImage } from "../support/e2e/available.ts";
import { CUSTOMER_SCHEMA } from "../support/e2e/customer-schema.ts";
import { containers, docker, get, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { totp } from "../support/e2e/totp.ts";

const STACK = "pr-872";
const PORT = 10_872;
const OFF = { enabled: false };
const TOKEN = "t0ken-of-the-hook";
const CLIENT_SECRET = "s3cret-of-the-client";

/** Says what it is called with. */
const APP = `require("http").createServer((request, answer) => {
  let body = "";
  request.on("data", (part) => (body += part)).on("end", () => {
    if (request.url === "/hooks/registered") console.log("HOOK " + request.headers["x-hook-token"] + " " + body);
    answer.end("{}");
  });
}).listen(8080);`;

const SETTINGS = {
  ...SMALL,
  images: {},
  temporal: OFF,
  grafana: OFF,
  prometheus: OFF,
  app: {
    ...SMALL.app,
    image: { repository: "library/node", tag: "22-alpine", uid: 1000, gid: 1000, probeTool: "wget" },
    command: ["node", "-e", APP],
    variablesPreset: "none",
    paths: { health: "/", metrics: "none" },
  },
  kratos: {
    identitySchemas: { customer: "login/customer.schema.json" },
    defaultSchema: "customer",
    methods: { totp: true, lookupSecrets: true },
    providers: { google: { provider: "google", clientId: "shop", clientSecret: { secret: "google" } } },
    webHooks: {
      registered: { flow: "registration", url: "/hooks/registered", auth: { secret: "hook", header: "X-Hook-Token" } },
    },
    sessionCookie: "domain",
    config: { selfservice: { methods: { password: { config: { haveibeenpwned_enabled: false } } } } },
  },
  secretsCommand: ["cat", "login/secrets.json"],
};

interface Flow {
  readonly ui: {
    readonly action: string;
    readonly nodes: readonly {
      readonly attributes: { readonly id?: string; readonly text?: { readonly text: string } };
    }[];
  };
}

const ready = await hasImage("node:22-alpine");

describe.skipIf(!ready)("the login of an app with an identity schema of its own", () => {
  const project = new TestProject(STACK, SETTINGS);
  const ask = async (path: string, body?: object, session?: string) => {
    const answer = await get(PORT, `auth.${STACK}.localhost`, path, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        Accept: "application/json",
        ...(body && { "Content-Type": "application/json" }),
        ...(session !== undefined && { "X-Session-Token": session }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: JSON.parse(answer.body) as Record<string, unknown> };
  };
  /** Begins a flow and sends what a user would. */
  const through = async (flow: string, body: (begun: Flow) => object, session?: string, query = "") => {
    const begun = (await ask(`/self-service/${flow}/api${query}`, undefined, session)).body as unknown as Flow;
    const { pathname, search } = new URL(begun.ui.action);
    return ask(pathname + search, body(begun), session);
  };
  const password = "correct horse battery";
  const register = (traits: object) => through("registration", () => ({ method: "password", password, traits }));
  const login = () => through("login", () => ({ method: "password", identifier: "ada@example.com", password }));

  beforeAll(async () => {
    await wipe(STACK);
    mkdirSync(join(project.directory, "login"), { recursive: true });
    writeFileSync(join(project.directory, "login/customer.schema.json"), JSON.stringify(CUSTOMER_SCHEMA));
    writeFileSync(
      join(project.directory, "login/secrets.json"),
      JSON.stringify({ google: CLIENT_SECRET, hook: TOKEN }),
    );
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    await project.rememberSalt();
  });
  afterAll(async () => {
    await project.cli(["destroy", "--remove-data", "--confirm", STACK]);
    await wipe(STACK);
  });

  it("refuses who has not what the schema asks for", async () => {
    const { status } = await register({ email: "ada@example.com" });
    expect(status).toBe(400);
  });

  let session = "";
  it("registers who has, tells the app with its secret, and logs in", async () => {
    const { status, body } = await register({ email: "ada@example.com", company: "Analytical Engines" });
    expect(status, JSON.stringify(body)).toBe(200);
    session = String(body["session_token"]);
    const whoami = await ask("/sessions/whoami", undefined, session);
    expect(whoami.body).toMatchObject({
      authenticator_assurance_level: "aal1",
      identity: { schema_id: "customer", traits: { email: "ada@example.com", company: "Analytical Engines" } },
    });
    const log = await docker("logs", `apprun-${STACK}-apprun`);
    expect(log).toMatch(new RegExp(`HOOK ${TOKEN} .*"company": *"Analytical Engines"`, "s"));
  });

  it("takes codes of an authenticator app as a second factor", async () => {
    const secretOf = ({ ui }: Flow) =>
      String(ui.nodes.find(({ attributes }) => attributes.id === "totp_secret_key")?.attributes.text?.text);
    let secret = "";
    const set = await through(
      "settings",
      (flow) => {
        secret = secretOf(flow);
        return { method: "totp", totp_code: totp(secret) };
      },
      session,
    );
    expect(set.status, JSON.stringify(set.body)).toBe(200);
    const again = String((await login()).body["session_token"]);
    const second = await through("login", () => ({ method: "totp", totp_code: totp(secret) }), again, "?aal=aal2");
    expect(second.status, JSON.stringify(second.body)).toBe(200);
    expect((await ask("/sessions/whoami", undefined, again)).body).toMatchObject({
      authenticator_assurance_level: "aal2",
    });
  });

  it("offers the account of another site", async () => {
    const { body } = await ask("/self-service/login/api");
    expect(JSON.stringify(body)).toContain('"value":"google"');
  });

  it("has its secrets in no plain file, variable or output", async () => {
    const inspected = await docker("inspect", `apprun-${STACK}-kratos`);
    const plain = await docker("exec", `apprun-${STACK}-kratos`, "cat", "/etc/config/kratos/kratos.yml");
    for (const secret of [TOKEN, CLIENT_SECRET])
      for (const text of [inspected, plain, project.output]) expect(text).not.toContain(secret);
  });

  it("is left alone by a second up", async () => {
    const before = await containers(STACK);
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    expect(await containers(STACK)).toEqual(before);
  });

  it("tells before an update who does not fit a changed schema, who can log in all the same", async () => {
    const { traits } = CUSTOMER_SCHEMA.properties;
    const company = { ...traits.properties.company, minLength: 40 };
    const changed = {
      ...CUSTOMER_SCHEMA,
      properties: { traits: { ...traits, properties: { ...traits.properties, company } } },
    };
    writeFileSync(join(project.directory, "login/customer.schema.json"), JSON.stringify(changed));
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(
      "warning: 1 identity would not fit the changed schema customer: Kratos refuses the next change of each, and a log-in with a lookup secret, which is one\n  traits.company: minLength: 1\n",
    );
    expect(stderr).not.toContain("Analytical");
    expect((await login()).status).toBe(200);
  });

  it("refuses to drop a schema that somebody has", async () => {
    const { identitySchemas: _schemas, defaultSchema: _default, ...kratos } = SETTINGS.kratos;
    project.configure({ ...SETTINGS, kratos });
    const before = await containers(STACK);
    const { code, stderr } = await project.cli(["up"]);
    expect(code).toBe(1);
    expect(stderr).toContain("kratos.identitySchemas: got no customer, which 1 identity has");
    expect(await containers(STACK)).toEqual(before);
  });
});
