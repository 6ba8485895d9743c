import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ALL, allFacts, EXAMPLES } from "../../scripts/pages/services/facts.ts";
import { ARROWS, BACKUP_ARROWS, OPTIONAL_ARROWS } from "../support/record/arrows.ts";

const PAGES = globSync("docs/services/*.md").filter((file) => !file.endsWith("README.md"));
const TEXTS = PAGES.map((file) => readFileSync(file, "utf8"));

/** On how many pages a text is. */
const pagesWith = (text: string) => TEXTS.filter((page) => page.includes(text)).length;
const twiceOrNever = (texts: readonly string[]) => texts.filter((text) => pagesWith(text) !== 1);

/** What a stack with everything on has, on either target. */
async function names(of: (facts: Awaited<ReturnType<typeof allFacts>>[number]) => readonly string[]) {
  return [...new Set((await allFacts()).flatMap(of))];
}

describe("docs/services", { timeout: 120_000 }, () => {
  it("has a page for each service and no other", () => {
    expect(PAGES.sort()).toEqual(ALL.map(({ name }) => `docs/services/${name}.md`).sort());
  });

  it("has each workload, job and schedule on one page", async () => {
    const parts = await names(({ workloads }) => workloads.map(({ name }) => name));
    const own = parts.filter((name) => !EXAMPLES.includes(name)).map((name) => `\`npm run logs -- ${name}\``);
    expect(own.length).toBeGreaterThan(25);
    expect(twiceOrNever(own)).toEqual([]);
  });

  it("has each alert on one page", async () => {
    const alerts = await names((facts) => Object.values(facts.alerts).flatMap((all) => all.map(({ name }) => name)));
    expect(alerts.length).toBeGreaterThan(60);
    expect(twiceOrNever(alerts.map((name) => `- [${name}](`))).toEqual([]);
  });

  it("has each volume on one page", async () => {
    const volumes = await names((facts) => facts.volumes.map(({ name }) => name));
    const own = volumes.filter((name) => !EXAMPLES.some((example) => name.startsWith(`${example}-`)));
    expect(twiceOrNever(own.map((name) => `- Volume \`${name}\`,`))).toEqual([]);
  });

  it("has all credentials, except those of own services and of Cloudflare Access", async () => {
    const credentials = await names((facts) => facts.credentials);
    const own = credentials.filter(
      (name) => !name.startsWith("access-") && !EXAMPLES.includes(name.split("-")[0] ?? ""),
    );
    expect(twiceOrNever(own.map((name) => `\`npm run credentials -- ${name}\``))).toEqual([]);
  });

  it("says of each service who connects to it, as the arrows written by hand have it", async () => {
    const all = await allFacts();
    const ownerOf = (name: string) => all.map((facts) => facts.ownerOf(name)).find((owner) => owner !== undefined);
    const arrows = [...ARROWS, ...BACKUP_ARROWS, ...OPTIONAL_ARROWS].map((arrow) => {
      const [from = "", to = ""] = arrow.replace(/:\d+$/, "").split(" -> ");
      return { from, to };
    });
    const across = arrows.filter(({ from, to }) => ownerOf(from) !== ownerOf(to) && !EXAMPLES.includes(from));
    expect(across.length).toBeGreaterThan(25);
    const missing = across.filter(({ from, to }) => {
      const page = readFileSync(`docs/services/${ownerOf(to) ?? ""}.md`, "utf8");
      const [, line = ""] = /^- Connected to by (.*)$/m.exec(page) ?? [];
      return !line.includes(`\`${from}\``);
    });
    expect(missing).toEqual([]);
  });
});
