import { describe, expect, it } from "vitest";
import { sayUnfitIdentities } from "../../../cli/runtime/identity-fit.ts";
import type { Project } from "../../../cli/kit/project.ts";
import { FakeOperations, type FakeOperationsArgs } from "../../support/fakes/operations.ts";
import { captured } from "../../support/fakes/terminal.ts";

const schemaOf = (...required: readonly string[]) => ({
  type: "object",
  properties: { traits: { type: "object", properties: { email: { type: "string", format: "email" } }, required } },
});
const methods = { password: true, code: "off", webauthn: "off", passkey: false, totp: false, lookupSecrets: false };
const ada = (schema_id: string, traits: object = { email: "ada@example.com" }) => ({
  schema_id,
  traits,
  state: "active",
});

function project(schemas: Readonly<Record<string, object>>, lookupSecrets = false): Project {
  const names = Object.keys(schemas);
  return {
    stack: "dev",
    settings: {
      kratos: {
        identitySchemas: Object.fromEntries(names.map((name) => [name, `${name}.json`])),
        mailTemplates: {},
        providers: {},
        webHooks: {},
        methods: { ...methods, lookupSecrets },
      },
      projectFiles: Object.fromEntries(names.map((name) => [`${name}.json`, JSON.stringify(schemas[name])])),
    },
    recording: { result: { inventory: { workloads: [{ name: "kratos" }] } } },
  } as unknown as Project;
}

interface Server extends Partial<FakeOperationsArgs> {
  readonly schemas?: Readonly<Record<string, object>>;
  /** Pages of identities. */
  readonly pages?: readonly (readonly object[])[];
}

async function said(wanted: Project, { schemas = {}, pages = [[]], ...more }: Server = {}) {
  const operations = new FakeOperations({
    replicas: { kratos: ["kratos-1"] },
    prints: (command) => {
      if (command[0] === "wget") return JSON.stringify(Object.entries(schemas).map(([id, schema]) => ({ id, schema })));
      const at = Number(command[command.indexOf("--page-token") + 1] ?? 0) || 0;
      return JSON.stringify({ identities: pages[at], next_page_token: at + 1 < pages.length ? String(at + 1) : "" });
    },
    ...more,
  });
  const { error, stderr } = await captured(() => sayUnfitIdentities(wanted, operations));
  return { message: error?.message, stderr, asked: operations.log.length };
}

describe("an update that changes an identity schema", () => {
  it("tells how many identities of all pages do not fit, by places in the schema, and goes on", async () => {
    const { message, stderr } = await said(project({ customer: schemaOf("email", "company") }), {
      schemas: { customer: schemaOf("email") },
      pages: [
        [ada("customer"), ada("customer", { email: "grace" })],
        [ada("customer", { email: "e@example.com", company: "x" }), ada("user")],
      ],
    });
    expect(message).toBeUndefined();
    expect(stderr).toBe(
      [
        "warning: 2 identities would not fit the changed schema customer: Kratos refuses the next change of each",
        "  traits.email: format: 1",
        "  traits: required company: 2",
        "",
      ].join("\n"),
    );
  });

  it("says that lookup secrets are a change too", async () => {
    const { stderr } = await said(project({ customer: schemaOf("company") }, true), {
      schemas: { customer: schemaOf("email") },
      pages: [[ada("customer")]],
    });
    expect(stderr).toContain("warning: 1 identity would not fit the changed schema customer: ");
    expect(stderr).toContain(", and a log-in with a lookup secret, which is one\n");
  });

  it("is refused where identities have a schema that is gone: they could not log in", async () => {
    const { message, stderr } = await said(project({}), {
      schemas: { customer: schemaOf("email"), shop: schemaOf("email") },
      pages: [[ada("customer"), ada("customer"), ada("user")]],
    });
    expect(message).toBe(
      [
        "stack dev: identities have a schema that the settings no longer have, and could not log in; nothing was changed:",
        "  kratos.identitySchemas: got no customer, which 2 identities have; allowed: every schema that identities have; keep it there; defaultSchema names the one of those who register from now on",
      ].join("\n"),
    );
    expect(stderr).toBe("");
  });

  it.each<[string, Project, Server, number]>([
    [
      "whose identities fit",
      project({ customer: schemaOf("email") }),
      { schemas: { customer: schemaOf() }, pages: [[ada("customer")]] },
      2,
    ],
    [
      "whose schemas are the same",
      project({ customer: schemaOf("email") }),
      { schemas: { customer: schemaOf("email") }, pages: [[ada("customer", {})]] },
      1,
    ],
    ["where nobody has a schema that is gone", project({}), { schemas: { customer: schemaOf() }, pages: [[]] }, 2],
    ["where the login does not run", project({}), { replicas: {} }, 0],
  ])("of a stack %s says nothing", async (_, wanted, server, asked) => {
    expect(await said(wanted, server)).toEqual({ message: undefined, stderr: "", asked });
  });

  it.each<[string, Server, string]>([
    ["does not answer", { exitCode: 1 }, "wget ended with 1: "],
    ["answers something else", { prints: () => "<html>" }, "Unexpected token"],
  ])("says that it was not checked where the server %s", async (_, server, reason) => {
    const { message, stderr } = await said(project({ customer: schemaOf("email") }), server);
    expect(message).toBeUndefined();
    expect(stderr).toContain(`not checked: whether identities fit their schemas (${reason}`);
  });
});
