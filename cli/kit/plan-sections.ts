import { formatMebibytes, formatMillicores } from "../../components/model/units.ts";
import type { Plan } from "./plan.ts";

/** One table of a dry run. */
export interface Section {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** What a dry run shows, in the order in which it is read; tables of what a stack does not have are left out. */
export function sectionsOf(plan: Plan): readonly Section[] {
  const { startOrder, published, secretVariables, volumes, elsewhere, scaleLimits, host, urls } = plan;
  const unlessEmpty = (section: Section) => (section.rows.length === 0 ? [] : [section]);
  return [
    {
      title: "Start order",
      head: ["step", "name", "kind", "image", "n", "after"],
      rows: startOrder.map(({ step, name, kind, image, replicas, maxReplicas, after }) => [
        step,
        name,
        kind,
        image,
        maxReplicas === undefined ? replicas : `${replicas} to ${maxReplicas}`,
        after.join(", "),
      ]),
    },
    ...unlessEmpty({
      title: "Ports on the host",
      head: ["workload", "listens", "exposure"],
      rows: published.map(({ workload, listens, exposure }) => [workload, listens, exposure]),
    }),
    ...unlessEmpty({
      title: "Secrets in variables",
      head: ["workload", "variables"],
      rows: secretVariables.map(({ workload, variables }) => [workload, variables.join(", ")]),
    }),
    {
      title: "Volumes",
      head: ["name", "size", "retention"],
      rows: volumes.map(({ id, size, retention }) => [id, size, retention]),
    },
    ...unlessEmpty({
      title: "On servers that others run",
      head: ["what", "where", "kept by"],
      rows: elsewhere.map(({ what, where, keptBy }) => [what, where, keptBy]),
    }),
    {
      title: "Limits of scale",
      head: ["workload", "limit"],
      rows: scaleLimits.map(({ workload, limit }) => [workload, limit]),
    },
    {
      title: host === undefined ? "Limits" : "Limits against the host",
      head: ["service", "n", "CPU", "memory", "disk"],
      rows: budgetRows(plan),
    },
    { title: "Pages", head: ["route", "URL"], rows: Object.entries(urls) },
  ];
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
