import { colours } from "../kit/colours.ts";
import { formatMebibytes, formatMillicores } from "../../components/model/units.ts";
import { isMandatory } from "../../policies/evaluate.ts";
import { CliError } from "../kit/exit.ts";
import { print, printJson, table } from "../kit/output.ts";
import { findingLines } from "../kit/policies.ts";
import { planOf, type Plan } from "../kit/plan.ts";
import { loadProject, type CommonOptions } from "../kit/project.ts";

/**
 * Prints the dry run.
 * @throws CliError for a mandatory finding of a policy
 */
export async function plan(options: CommonOptions): Promise<void> {
  const result = planOf(await loadProject(options));
  if (options.json === true) printJson(result);
  else printPlan(result);
  const mandatory = result.findings.filter(isMandatory).length;
  if (mandatory > 0)
    throw new CliError({
      happened: `${mandatory} mandatory ${mandatory === 1 ? "finding" : "findings"}: \`up\` refuses this stack`,
      fix: "see the policies with: npm run policies",
    });
}

/** The dry run for people. */
export function printPlan(result: Plan): void {
  const heading = (text: string) => {
    print(`\n${colours.bold(text)}`);
  };
  print(
    `Plan of stack ${colours.bold(result.stack)}: ${result.resources.length} resources. A dry run: real state and provider differences are only seen by \`preview\`.`,
  );
  heading("Start order");
  print(
    table(
      ["step", "name", "kind", "image", "n", "after"],
      result.startOrder.map(({ step, name, kind, image, replicas, maxReplicas, after }) => [
        step,
        name,
        kind,
        image,
        maxReplicas === undefined ? replicas : `${replicas} to ${maxReplicas}`,
        after.join(", "),
      ]),
    ),
  );
  if (result.published.length > 0) {
    heading("Ports on the host");
    print(
      table(
        ["workload", "listens", "exposure"],
        result.published.map(({ workload, listens, exposure }) => [workload, listens, exposure]),
      ),
    );
  }
  if (result.secretVariables.length > 0) {
    heading("Secrets in variables");
    print(
      table(
        ["workload", "variables"],
        result.secretVariables.map(({ workload, variables }) => [workload, variables.join(", ")]),
      ),
    );
  }
  heading("Volumes");
  print(
    table(
      ["name", "size", "retention"],
      result.volumes.map(({ id, size, retention }) => [id, size, retention]),
    ),
  );
  if (result.elsewhere.length > 0) {
    heading("On servers that others run");
    print(
      table(
        ["what", "where", "kept by"],
        result.elsewhere.map(({ what, where, keptBy }) => [what, where, keptBy]),
      ),
    );
  }
  heading("Limits of scale");
  print(
    table(
      ["workload", "limit"],
      result.scaleLimits.map(({ workload, limit }) => [workload, limit]),
    ),
  );
  heading(result.host === undefined ? "Limits" : "Limits against the host");
  print(table(["service", "n", "CPU", "memory", "disk"], budgetRows(result)));
  heading("Pages");
  print(table(["route", "URL"], Object.entries(result.urls)));
  heading("Policies");
  print(result.findings.length === 0 ? "  nothing found" : findingLines(result.findings));
}

function budgetRows({ budget, sum, host }: Plan): (string | number)[][] {
  const cells = ({ cpu, memory, disk }: Plan["sum"]) => [
    formatMillicores(cpu),
    formatMebibytes(memory),
    disk === 0 ? "-" : formatMebibytes(disk),
  ];
  const rows = budget.map((row) => [row.service, row.replicas, ...cells(row)]);
  return [...rows, ["sum", "", ...cells(sum)], ...(host === undefined ? [] : [["host", "", ...cells(host)]])];
}
