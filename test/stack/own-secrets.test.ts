import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isSecret } from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { settingsFromFile } from "../../components/stack/stack-file.ts";

const STRIPE = { secure: "v1:abc" };

function settings(config: Record<string, unknown>, common?: Record<string, unknown>) {
  const directory = mkdtempSync(join(tmpdir(), "apprun-"));
  const write = (name: string, content: object) => {
    writeFileSync(join(directory, `Pulumi.${name}.yaml`), JSON.stringify({ config: content }));
  };
  write("pr-7", config);
  if (common !== undefined) write("pr", common);
  return settingsFromFile(directory, "apprun", "pr-7");
}

/** Settings that name these secrets. */
const naming = (...names: string[]) => ({
  env: Object.fromEntries(names.map((name, index) => [`KEY_${index}`, { secret: name }])),
});

it("the operator's secrets have the names that the file gives them, from what pull requests have in common too", () => {
  const { ownSecrets } = settings(
    { "apprun:secrets": { stripe: STRIPE }, "apprun:app": naming("stripe", "mail-key") },
    { "apprun:secrets": { "mail-key": STRIPE } },
  );
  expect(Object.keys(ownSecrets).sort()).toEqual(["mail-key", "stripe"]);
});

it("a secret's own key can name one of them, which is secret too", async () => {
  const mail = { "apprun:kratos": { mailFrom: "a@example.com" }, "apprun:smtpUri": { secret: "mail" } };
  const { secrets } = settings({ ...mail, "apprun:secrets": { mail: STRIPE } });
  expect(secrets.smtpUri === undefined ? false : await isSecret(secrets.smtpUri)).toBe(true);
  expect(() => settings(mail)).toThrow(
    'apprun:smtpUri.secret: got "mail"; allowed: a name below apprun:secrets, which has none; run: pulumi config set --secret --path apprun:secrets.mail',
  );
});

it("what counts is said last: a name over a value, and a value over a name", () => {
  const mail = { "apprun:kratos": { mailFrom: "a@example.com" }, "apprun:secrets": { mail: STRIPE } };
  const named = { ...mail, "apprun:smtpUri": { secret: "mail" } };
  expect(() => settings(named, { "apprun:smtpUri": STRIPE })).not.toThrow();
  expect(() => settings({ ...mail, "apprun:smtpUri": STRIPE }, named)).toThrow("a secret that no setting names");
});

it("a secret that no setting names is refused", () => {
  expect(() => settings({ "apprun:secrets": { stripe: STRIPE } })).toThrow(
    "apprun:secrets.stripe: got a secret that no setting names; allowed: one that a setting names with { secret: NAME }; name it, or run: pulumi config rm --path apprun:secrets.stripe",
  );
});

it("a kubeconfig is not named: the command line reads it itself", () => {
  expect(() => settings({ "apprun:kubeconfig": { secret: "cluster" } })).toThrow(
    "apprun:kubeconfig: got the name of a secret",
  );
});

it.each<[unknown, string]>([
  [
    { env: { STRIPE_KEY: STRIPE } },
    "apprun:app.env.STRIPE_KEY: got an encrypted value; allowed: a plain value, or { secret: NAME } with a name below apprun:secrets; run: pulumi config set --secret --path 'apprun:secrets.STRIPE_KEY' && pulumi config set --path 'apprun:app.env.STRIPE_KEY.secret' STRIPE_KEY",
  ],
  [
    { config: { "pay.ment": [{ key: STRIPE }] } },
    `apprun:app.config["pay.ment"][0].key: got an encrypted value; allowed: a plain value; run: pulumi config set --plaintext --path 'apprun:app.config["pay.ment"][0].key' VALUE`,
  ],
  [STRIPE, "apprun:app: got an encrypted value"],
])("an encrypted value in %j is refused by its path", (app, message) => {
  expect(() => settings({ "apprun:app": app })).toThrow(`Pulumi.pr-7.yaml has 1 problem:\n  ${message}`);
});

it("names that the file does not have stand for what the operator's command prints, and plan does not run it", () => {
  const { ownSecrets } = settings({ "apprun:secretsCommand": ["/nowhere/vault"], "apprun:app": naming("stripe") });
  expect(Object.keys(ownSecrets)).toEqual(["stripe"]);
});

it.each<[unknown, string]>([
  [
    { stripe: "sk_live" },
    "apprun:secrets.stripe: got a plain text; allowed: an encrypted value; run: pulumi config set --secret --path apprun:secrets.stripe",
  ],
  [{ "a b": STRIPE }, "apprun:secrets.a b: got a plain text"],
  ["sk_live", "apprun:secrets: got a plain text"],
  [["sk_live"], "apprun:secrets: got a plain text"],
])("%j is refused without its value", (secrets, message) => {
  expect(() => settings({ "apprun:secrets": secrets })).toThrow(message);
  expect(() => settings({ "apprun:secrets": secrets })).not.toThrow("sk_live");
});

it("a variable that names a secret which is not there is refused with those that are", () => {
  const app = { env: { STRIPE_KEY: { secret: "strip" } } };
  expect(() => settings({ "apprun:app": app, "apprun:secrets": { stripe: STRIPE } })).toThrow(
    'apprun:app.env.STRIPE_KEY.secret: got "strip"; allowed: stripe; did you mean "stripe"? Else run: pulumi config set --secret --path apprun:secrets.strip',
  );
  expect(() => settings({ "apprun:app": app })).toThrow("allowed: a name below apprun:secrets, which has none");
});
