import { formatMebibytes, formatMillicores } from "../../components/model/units.ts";
import type { Plan } from "../kit/plan.ts";
import { dataTouched } from "./data.ts";
import { portsOpened } from "./ports.ts";
import { changesOf, isFailed, type Change, type Operation, type Preview } from "./preview.ts";

export interface CommentArgs {
  readonly stack: string;
  /** What the engine would do. `@default -` a pull request without secrets: the dry run only */
  readonly preview?: Preview | undefined;
  /** What `plan --json` printed. */
  readonly plan?: Pick<Plan, "findings" | "sum" | "host" | "published" | "urls"> | undefined;
  /** A unified diff of what `render` writes. */
  readonly renderedDiff?: string | undefined;
}

/** By which a later run finds the comment of a stack again. */
export function marker(stack: string): string {
  return `<!-- apprun-infra ${stack} -->`;
}

/** Longest comment that GitHub takes is 65536 characters; the diff is what gives way. */
const LONGEST_DIFF = 40_000;

/** What a pull request would do to a stack, in Markdown. Values never appear: they may be secret. */
export function commentOf({ stack, preview, plan, renderedDiff }: CommentArgs): string {
  const parts = [
    marker(stack),
    `### Stack \`${stack}\``,
    preview === undefined ? "A dry run without the engine: real state was not compared." : changesPart(preview),
    plan === undefined ? "" : planPart(plan),
    renderedDiff === undefined || renderedDiff.trim() === ""
      ? ""
      : folded("Rendered difference", fenced("diff", shortened(renderedDiff))),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function changesPart(preview: Preview): string {
  if (isFailed(preview)) return `**The preview failed.**\n\n${fenced("text", errors(preview))}`;
  const changes = changesOf(preview);
  if (changes.length === 0) return "Nothing changes.";
  const data = changes.filter((change) => dataTouched(change) !== undefined);
  const ports = portsOpened(changes);
  return [
    data.length === 0
      ? ""
      : `**Touches data.** The check fails unless the pull request is labelled.\n\n${dataTable(data)}`,
    summary(changes),
    ports.length === 0
      ? ""
      : `**Opens ports:** ${ports.map(({ name, address }) => `\`${address}\` (${cell(name)})`).join(", ")}`,
    folded(`All ${changes.length} resources`, changeTable(changes)),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function errors({ diagnostics }: Preview): string {
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message.trim())
    .join("\n");
}

function dataTable(changes: readonly Change[]): string {
  return table(
    ["resource", "what happens"],
    changes.map((change) => [code(change.name), dataTouched(change) ?? ""]),
  );
}

const ORDER: readonly Operation[] = ["delete", "replace", "update", "create"];

/** Counts by component. */
function summary(changes: readonly Change[]): string {
  const components = [...new Set(changes.map(({ component }) => component))].sort();
  const count = (component: string, operation: Operation) =>
    String(changes.filter((change) => change.component === component && change.operation === operation).length || "");
  return table(
    ["component", ...ORDER],
    components.map((component) => [code(component), ...ORDER.map((operation) => count(component, operation))]),
  );
}

function changeTable(changes: readonly Change[]): string {
  const rank = (change: Change) =>
    (dataTouched(change) === undefined ? ORDER.length : 0) + ORDER.indexOf(change.operation);
  const sorted = [...changes].sort((a, b) => rank(a) - rank(b) || (a.urn < b.urn ? -1 : 1));
  return table(
    ["change", "type", "name", "differs"],
    sorted.map(({ operation, type, name, differs }) => [
      operation,
      code(type),
      code(name),
      differs.map(code).join(" "),
    ]),
  );
}

function planPart({ findings, sum, host, published, urls }: NonNullable<CommentArgs["plan"]>): string {
  const of = (used: string, most: string | undefined) => (most === undefined ? used : `${used} of ${most}`);
  const usage = `**Limits:** ${of(formatMillicores(sum.cpu), host && formatMillicores(host.cpu))} cores, ${of(formatMebibytes(sum.memory), host && formatMebibytes(host.memory))} memory, ${of(formatMebibytes(sum.disk), host && formatMebibytes(host.disk))} disk`;
  const ports = `**Listens on:** ${published.map(({ listens, workload }) => `\`${listens}\` (${cell(workload)})`).join(", ") || "nothing"}`;
  const pages = `**Pages:** ${Object.values(urls).join(" ") || "none"}`;
  const rows = findings.map(({ enforcement, policy, message, accepted }) => [
    enforcement,
    code(policy),
    `${cell(message)}${accepted === undefined ? "" : ` (accepted: ${cell(accepted)})`}`,
  ]);
  return [
    findings.length === 0
      ? "**Policies:** nothing found"
      : `**Policies**\n\n${table(["level", "policy", "finding"], rows)}`,
    ports,
    pages,
    usage,
  ].join("\n\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Text of others in a table: neither a column nor markup of its own. */
function cell(text: string): string {
  return text.replaceAll(/[\\|`<>@[\]*_~]/g, (sign) => `\\${sign}`).replaceAll(/\s+/g, " ");
}

function code(text: string): string {
  return `\`${text.replaceAll("`", "'").replaceAll("|", "\\|")}\``;
}

function folded(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** A fence that is longer than every fence in the text. */
export function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}

function shortened(diff: string): string {
  return diff.length <= LONGEST_DIFF
    ? diff
    : `${diff.slice(0, LONGEST_DIFF)}\n… ${diff.length - LONGEST_DIFF} characters more`;
}
