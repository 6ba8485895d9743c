import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { copyCommonSecrets } from "../../../cli/engine/common-secrets.ts";

const COMMON =
  "encryptionsalt: v1:common\nconfig:\n  apprun:kratos: { mailFrom: a@example.com }\n  apprun:smtpUri: { secure: v1:new }\n";

/** The stack's own file after the copy, or nothing where there is none. */
function copied(common: string | undefined, own?: string, stack = "pr-7"): string | undefined {
  const directory = mkdtempSync(join(tmpdir(), "apprun-"));
  if (common !== undefined) writeFileSync(join(directory, "Pulumi.pr.yaml"), common);
  const path = join(directory, `Pulumi.${stack}.yaml`);
  if (own !== undefined) writeFileSync(path, own);
  copyCommonSecrets(directory, stack);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

it("hands the engine what is encrypted, with its salt, and no copy of what is plain", () => {
  expect(parse(copied(COMMON) ?? "")).toEqual({
    encryptionsalt: "v1:common",
    config: { "apprun:smtpUri": { secure: "v1:new" } },
  });
});

it("replaces what was encrypted before, and keeps everything else of the stack's own file", () => {
  const own =
    "encryptionsalt: v1:common\nconfig:\n  # mine\n  apprun:app: { replicas: 2 }\n  apprun:smtpUri: { secure: v1:old }\n";
  const text = copied(COMMON, own) ?? "";
  expect(text).toContain("# mine");
  expect(parse(text)).toEqual({
    encryptionsalt: "v1:common",
    config: { "apprun:app": { replicas: 2 }, "apprun:smtpUri": { secure: "v1:new" } },
  });
});

it("copies the operator's own secrets by name", () => {
  const common = `${COMMON}  apprun:secrets: { stripe: { secure: v1:new } }\n`;
  const own = "encryptionsalt: v1:common\nconfig:\n  apprun:secrets: { mine: { secure: v1:mine } }\n";
  expect((parse(copied(common, own) ?? "") as { config: object }).config).toEqual({
    "apprun:smtpUri": { secure: "v1:new" },
    "apprun:secrets": { mine: { secure: "v1:mine" }, stripe: { secure: "v1:new" } },
  });
});

it("refuses a stack file with another salt, which could not open them", () => {
  expect(() => copied(COMMON, "encryptionsalt: v1:other\n")).toThrow(
    "Pulumi.pr-7.yaml: got another encryptionsalt than Pulumi.pr.yaml has",
  );
});

it.each([
  ["there is no common file", undefined, "pr-7"],
  ["it has nothing encrypted", "config:\n  apprun:app: { replicas: 2 }\n", "pr-7"],
  ["it is empty", "", "pr-7"],
  ["the stack is no pull request's", COMMON, "prod"],
])("writes nothing where %s", (_, common, stack) => {
  expect(copied(common, undefined, stack)).toBeUndefined();
});
