import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findingsOf } from "../../cli/kit/policies.ts";
import { SettingsError } from "../../components/settings/kit/problems.ts";
import { examples, followed, type Example } from "../../scripts/examples.ts";

const EXAMPLES = examples().map((example) => [example.name, example] as const);

/** Lines of the code blocks of a page. */
const commands = ({ readme }: Example) =>
  [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) => block.trim().split("\n"));

it("there are examples", () => {
  expect(EXAMPLES.length).toBeGreaterThanOrEqual(8);
});

// Their plans and what `render` makes of them are in the table of examples/README.md, which test/scripts/pages.test.ts makes again.
describe.each(EXAMPLES)("examples/%s", (name, example) => {
  it("passes every policy once the secrets of its README are set", async () => {
    const findings = findingsOf(await followed(example, example.secrets));
    expect(findings.filter(({ enforcement }) => enforcement === "mandatory")).toEqual([]);
  });

  it("holds no secret, not even an encrypted one", () => {
    expect(readFileSync(example.file, "utf8")).not.toContain("secure:");
  });

  it.each(example.secrets.map((path) => [path]))("needs the secret %s", async (path) => {
    const others = example.secrets.filter((other) => other !== path);
    const refused = await followed(example, others).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(SettingsError);
    expect((refused as Error).message).toContain(path.split(".").at(-1));
  });

  it("says how to copy, plan and deploy it", () => {
    const option = example.stack === "dev" ? "" : ` -- --stack ${example.stack}`;
    const said = commands(example).map((line) => line.replace(/\s+#.*$/, ""));
    expect(said).toEqual(
      expect.arrayContaining([`cp ${example.file} .`, "npm ci", `npm run plan${option}`, `npm run up${option}`]),
    );
    expect(name).toMatch(/^[a-z0-9-]+$/);
  });

  it("is explained on one short page", () => {
    expect(example.readme.split("\n").length).toBeLessThanOrEqual(70);
    expect(example.readme).toContain("## What to change");
  });
});
