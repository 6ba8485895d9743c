import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planOf } from "../../cli/kit/plan.ts";
import { writeCompose } from "../../cli/render/write-compose.ts";
import { writeManifests } from "../../cli/render/write-manifests.ts";
import type { Project } from "../../cli/kit/project.ts";
import { examples, followed } from "../examples.ts";
import { between, table, type Page } from "./page.ts";

const WRITERS = { docker: writeCompose, kubernetes: writeManifests };

/** Where a user can run the example from, without the engine: what `render` writes. */
async function rendered(project: Project): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "apprun-example-"));
  try {
    await WRITERS[project.settings.platform](directory, project, false);
    const files = readdirSync(directory);
    return files.length === 1 ? (files[0] ?? "") : `${files.length} manifests`;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Each example: what it plans, what `render` writes, what the policies say. */
export const exampleTable: Page = {
  file: "examples/README.md",
  content: async (today) => {
    const rows: string[][] = [];
    for (const example of examples()) {
      const project = await followed(example, example.secrets);
      const { resources, startOrder, sum, findings } = planOf(project);
      const accepted = new Set(findings.filter((found) => found.accepted !== undefined).map(({ policy }) => policy));
      const advisory = new Set(findings.filter((found) => found.accepted === undefined).map(({ policy }) => policy));
      rows.push([
        `[${example.name}](${example.name})`,
        `\`${example.stack}\``,
        project.settings.platform,
        String(startOrder.filter(({ kind }) => kind === "workload").length),
        String(resources.length),
        `${sum.memory} MiB`,
        await rendered(project),
        [...accepted].map((policy) => `\`${policy}\``).join(", ") || "–",
        [...advisory].map((policy) => `\`${policy}\``).join(", ") || "–",
      ]);
    }
    const head = ["example", "stack", "runs on", "services", "resources", "memory", "rendered", "accepted", "advisory"];
    return between(today, "examples", table([head, ...rows]));
  },
};
