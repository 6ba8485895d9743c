import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findEngine } from "../../cli/engine/find.ts";
import { SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";

const STACK = "pr-818";
/** Those that have a key of their own. */
const OWN = [
  "smtpUri",
  "alertSlackUrl",
  "alertFeishuUrl",
  "alertDingtalkUrl",
  "alertHeartbeatUrl",
  "alertEmailPassword",
];
/** Those in the map, which other settings name. */
const NAMED = ["stripe", "webhook"];
const SECRETS = [...OWN, ...NAMED];
const value = (name: string): string => {
  if (name === "smtpUri") return `smtp://user:mark-of-${name}@127.0.0.1:2525/`;
  return /Url|webhook/.test(name) ? `http://127.0.0.1:9/mark-of-${name}` : `mark-of-${name}`;
};
const marks = SECRETS.map((name) => `mark-of-${name}`);

const found = (text: string): readonly string[] => marks.filter((mark) => text.includes(mark));

function* filesBelow(directory: string): Generator<string> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

describe.skipIf("missing" in (await findEngine()))("values of secrets", () => {
  const few = { ...SMALL, temporal: { enabled: false } };
  const project = new TestProject(STACK, few);

  beforeAll(async () => {
    await wipe(STACK);
    // The first command makes the passphrase with which the values are encrypted.
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    await project.rememberSalt();
    project.configure({
      ...few,
      kratos: { mailFrom: "login@example.com" },
      app: { ...SMALL.app, env: { STRIPE_KEY: { secret: "stripe" } } },
      alerting: {
        enabled: true,
        email: { to: "ops@example.com", from: "alerts@example.com", smarthost: "127.0.0.1:2525", username: "alerts" },
      },
      alertWebhookUrl: { secret: "webhook" },
    });
    for (const name of SECRETS) {
      const key = NAMED.includes(name) ? `apprun:secrets.${name}` : `apprun:${name}`;
      const set = await project.pulumi(["config", "set", "--secret", "--path", key, value(name)]);
      expect(set.code, set.stderr).toBe(0);
    }
  });
  afterAll(() => wipe(STACK));

  it.each<string[]>([
    ["plan", "--json"],
    ["preview"],
    ["up", "--verbose"],
    ["up", "--json"],
    ["status", "--json"],
    ["doctor", "--json"],
    ["logs"],
    ["render", "--out", join(project.directory, "rendered")],
  ])("are in nothing that `%s %s` prints", async (...args) => {
    const { code, stdout, stderr } = await project.cli(args);
    // Nobody listens where the alerts go, which `doctor` may say with 1.
    expect([0, 1], stderr).toContain(code);
    expect(found(stdout + stderr)).toEqual([]);
  });

  it("are in no file of the project: not in its state, the engine's logs or what was rendered", () => {
    const files = [...filesBelow(project.directory)];
    for (const part of [join(".apprun", "state"), join(".apprun", "logs"), "rendered"])
      expect(files.filter((path) => path.includes(part)).length).toBeGreaterThan(0);
    expect(files.filter((path) => found(readFileSync(path, "utf8")).length > 0)).toEqual([]);
  });

  it("are in what the engine keeps encrypted, each of them", async () => {
    const { stdout } = await project.pulumi(["stack", "export", "--show-secrets"]);
    expect(found(stdout)).toEqual(marks);
    expect(found((await project.pulumi(["stack", "export"])).stdout)).toEqual([]);
  });
});
