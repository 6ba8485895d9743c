import { resolve } from "node:path";
import { colours } from "../kit/colours.ts";
import { isMandatory } from "../../policies/evaluate.ts";
import { CliError } from "../kit/exit.ts";
import { note, print, printJson, table } from "../kit/output.ts";
import { findingLines } from "../kit/policies.ts";
import { planOf, type Plan } from "../kit/plan.ts";
import { sectionsOf } from "../kit/plan-sections.ts";
import { loadProject, type CommonOptions, type Project } from "../kit/project.ts";
import { writeText } from "../kit/write-text.ts";
import { diagramOf } from "../render/diagram/diagram.ts";
import { planPage } from "../render/plan-page.ts";

export interface PlanOptions extends CommonOptions {
  readonly html?: string;
}

/**
 * Prints the dry run.
 * @throws CliError for a mandatory finding of a policy
 */
export async function plan({ html, ...options }: PlanOptions): Promise<void> {
  const project = await loadProject(options);
  const result = planOf(project);
  if (html !== undefined) await writePage(html, project, result);
  if (options.json === true) printJson(result);
  else printPlan(result);
  const mandatory = result.findings.filter(isMandatory).length;
  if (mandatory > 0)
    throw new CliError({
      happened: `${mandatory} mandatory ${mandatory === 1 ? "finding" : "findings"}: \`up\` refuses this stack`,
      fix: "see the policies with: npm run policies",
    });
}

async function writePage(file: string, project: Project, result: Plan): Promise<void> {
  const { svg } = await import("../render/diagram/svg.ts");
  writeText("--html", resolve(file), planPage(result, await svg(diagramOf(project))));
  note(`written: ${file}`);
}

/** The dry run for people. */
export function printPlan(result: Plan): void {
  const heading = (text: string) => {
    print(`\n${colours.bold(text)}`);
  };
  print(
    `Plan of stack ${colours.bold(result.stack)}: ${result.resources.length} resources. A dry run: real state and provider differences are only seen by \`preview\`.`,
  );
  for (const { title, head, rows } of sectionsOf(result)) {
    heading(title);
    print(table(head, rows));
  }
  heading("Policies");
  print(result.findings.length === 0 ? "  nothing found" : findingLines(result.findings));
}
