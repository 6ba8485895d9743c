import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import { renderCommand } from "../../../cli/commands/render.ts";

it.each([
  [
    { mode: "external", external: { host: "db.example.com", provisioning: "engine" } },
    'postgres.external.provisioning: got "engine"; allowed: job for rendered files, which run without the engine; remove it',
  ],
  [
    { upgradeFrom: 16 },
    "postgres.upgradeFrom: got 16; allowed: nothing for rendered files, which run on new volumes; remove it",
  ],
])("a stack with %j is not rendered, and nothing is written", async (postgres, message) => {
  const directory = mkdtempSync(join(tmpdir(), "render-"));
  const secret = "mode" in postgres ? { "apprun:postgresAdminPassword": { secure: "v1:AAAA:AAAA" } } : {};
  writeFileSync(join(directory, "Pulumi.yaml"), "name: apprun\n");
  writeFileSync(join(directory, "Pulumi.dev.yaml"), stringify({ config: { "apprun:postgres": postgres, ...secret } }));
  const out = join(directory, "out");
  await expect(renderCommand({ stack: "dev", cwd: directory, out })).rejects.toThrow(message);
  expect(existsSync(out)).toBe(false);
});
