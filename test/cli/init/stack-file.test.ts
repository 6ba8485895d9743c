import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { TARGETS, type Answers } from "../../../cli/init/answers.ts";
import { secretsOf, stackFileText } from "../../../cli/init/stack-file.ts";
import { withSecrets } from "../../../cli/init/with-secrets.ts";
import { findingsOf } from "../../../cli/kit/policies.ts";

const PROJECT = readFileSync("Pulumi.yaml", "utf8");
const LIVE = { domain: "shop.example.com", acmeEmail: "ops@example.com", appImage: "ghcr.io/example/shop:1.4.2" };
const ALL = {
  ...LIVE,
  appPort: "3000",
  mailFrom: "noreply@example.com",
  backupBucket: "https://s3.eu-central-1.amazonaws.com/backups/hosts/one",
  region: "eu-central-1",
};

/** Each target with each stack's name, with as few answers as it takes and with all. */
const CASES = TARGETS.flatMap((target) =>
  ["dev", "test", "staging", "prod"].flatMap((stack) =>
    [
      ["few answers", stack === "prod" || stack === "staging" ? LIVE : {}],
      ["all answers", ALL],
    ].map(
      ([how, given]) =>
        [target, stack, how, { stack, target, storageClass: "fast", ...(given as Partial<Answers>) }] as const,
    ),
  ),
);

describe.each(CASES)("what init writes for %s, %s, with %s", (_, stack, __, answers) => {
  const text = stackFileText("apprun", answers);

  it("is what the stack needs, and breaks no policy that stops an up", async () => {
    const project = await withSecrets({
      stack,
      file: `Pulumi.${stack}.yaml`,
      text,
      project: PROJECT,
      secrets: secretsOf(answers),
    });
    expect(findingsOf(project).filter(({ enforcement }) => enforcement === "mandatory")).toEqual([]);
  });
});
