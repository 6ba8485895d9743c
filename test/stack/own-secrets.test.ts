import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

it("the operator's secrets have the names that the file gives them, from what pull requests have in common too", () => {
  const { ownSecrets } = settings(
    { "apprun:secrets": { stripe: STRIPE } },
    { "apprun:secrets": { "mail-key": STRIPE } },
  );
  expect(Object.keys(ownSecrets).sort()).toEqual(["mail-key", "stripe"]);
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
    'apprun:app.env.STRIPE_KEY.secret: got "strip"; allowed: stripe; run: pulumi config set --secret --path apprun:secrets.strip',
  );
  expect(() => settings({ "apprun:app": app })).toThrow("allowed: a name below apprun:secrets, which has none");
});
