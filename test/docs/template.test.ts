import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { parseSettings } from "../../components/stack/parse.ts";

interface ProjectFile {
  readonly name: string;
  readonly template: {
    readonly description: string;
    readonly config: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  };
}

const PROJECT = parse(readFileSync("Pulumi.yaml", "utf8")) as ProjectFile;

it("`pulumi new` asks for settings that there are, with answers that are accepted", () => {
  const asked = Object.entries(PROJECT.template.config);
  const values = Object.fromEntries(asked.map(([key, { default: answer }]) => [key, answer]));
  const settings = parseSettings({ project: PROJECT.name, stack: "dev" }, { values, secrets: {}, plainSecrets: [] });
  expect(settings.domain).toBe("dev.localhost");
  expect(asked.every(([, { description }]) => description.length > 10)).toBe(true);
});

it("`pulumi new` keeps the project's name, with which the keys of the stack files begin", () => {
  expect(PROJECT.name).toBe("apprun");
  expect(readFileSync("Pulumi.dev.yaml", "utf8")).toMatch(/^ {2}apprun:/m);
});
