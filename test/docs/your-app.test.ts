import { globSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { record } from "../../cli/kit/record.ts";
import { findingsOf } from "../../cli/kit/policies.ts";
import { settingsFromFile } from "../../components/stack/stack-file.ts";
import { Stack } from "../../components/stack/stack.ts";
import { withApp } from "../support/record/with-app.ts";

const PAGE = readFileSync("docs/your-app.md", "utf8");
const SERVICES = readFileSync("docs/your-services.md", "utf8");
const examplesOf = (page: string) => [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = ""]) => text);
const EXAMPLES = [...examplesOf(PAGE), ...examplesOf(SERVICES)];

/** A stack whose file is an example of the page. */
async function planned(text: string) {
  const directory = mkdtempSync(join(tmpdir(), "apprun-"));
  const { config } = parse(text) as { config: Record<string, unknown> };
  // A service without an image runs the app's: an example that leaves both out is about a stack that has an app.
  const { images } = withApp({ app: config["apprun:app"], images: config["apprun:images"] });
  writeFileSync(join(directory, "Pulumi.dev.yaml"), stringify({ config: { ...config, "apprun:images": images } }));
  // A file that an example names.
  writeFileSync(join(directory, "LICENSE"), "the licence of the shop\n");
  const settings = settingsFromFile(directory, "apprun", "dev");
  return { stack: "dev", settings, recording: await record(settings.identity, () => new Stack(settings)) };
}

describe("docs/your-app.md and docs/your-services.md", () => {
  it("has examples", () => {
    expect(EXAMPLES.length).toBeGreaterThanOrEqual(5);
  });

  it.each(EXAMPLES)("has an example that every policy lets pass: %#", async (text) => {
    const findings = findingsOf(await planned(text));
    expect(findings.filter(({ enforcement }) => enforcement === "mandatory")).toEqual([]);
  });

  it("names every fact that a template can name, and no other", () => {
    const sources = globSync("components/{services,stack}/**/*.ts").map((file) => readFileSync(file, "utf8"));
    const facts = sources.flatMap((text) =>
      [...text.matchAll(/"([a-z]+\.[a-zA-Z]+)": (?:fact|address|publicAddress)\(/g)].map(([, name = ""]) => name),
    );
    expect(facts.length).toBeGreaterThan(20);
    const tables = [
      PAGE.slice(PAGE.indexOf("| from "), PAGE.indexOf("## Further host names")),
      SERVICES.slice(SERVICES.indexOf("| names in braces"), SERVICES.indexOf("## Its database")),
    ].join("\n");
    const named = new Set([...tables.matchAll(/`([a-z]+\.[a-zA-Z]+)`/g)].map(([, name = ""]) => name));
    const services = ["temporal", "nats", "centrifugo", "postgrest", "tracing"];
    const switches = [...services.map((each) => `${each}.enabled`), "storage.mode"];
    expect([...named].filter((name) => !switches.includes(name)).sort()).toEqual([...new Set(facts)].sort());
  });
});
