import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Project } from "../../../cli/kit/project.ts";
import { lockFindings } from "../../../cli/doctor/locks.ts";
import { settingsOf } from "../../support/record/stacks.ts";

it("locks are not asked for where the cluster is named wrongly, which another check says", async () => {
  const directory = mkdtempSync(join(tmpdir(), "locks-"));
  const kubeconfig = join(directory, "kubeconfig");
  writeFileSync(
    kubeconfig,
    JSON.stringify({ apiVersion: "v1", kind: "Config", clusters: [], users: [], contexts: [] }),
  );
  const settings = settingsOf({ platform: "kubernetes", kubernetes: { kubeconfig, context: "nowhere" } });
  const project = { directory, stack: "dev", settings } as unknown as Project;
  expect(await lockFindings(project)).toEqual([]);
});
