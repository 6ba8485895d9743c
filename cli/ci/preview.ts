import { readFileSync } from "node:fs";
import { z } from "zod";
import { resourceName } from "../engine/state.ts";
import { CliError, EXIT } from "../kit/exit.ts";

const state = z.object({
  type: z.string(),
  parent: z.string().optional(),
  protect: z.boolean().optional(),
  retainOnDelete: z.boolean().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
});

/** The part of `pulumi preview --json` that is read. */
const previewSchema = z.object({
  steps: z
    .array(
      z.object({
        op: z.string(),
        urn: z.string(),
        oldState: state.optional(),
        newState: state.optional(),
        replaceReasons: z.array(z.string()).nullish(),
        diffReasons: z.array(z.string()).nullish(),
        detailedDiff: z.record(z.string(), z.unknown()).nullish(),
      }),
    )
    .default([]),
  diagnostics: z.array(z.object({ severity: z.string(), message: z.string() })).default([]),
  /** Its result: how many steps of each kind it counted. `@default -` it failed before it had any, or it is not a whole preview */
  changeSummary: z.record(z.string(), z.number()).optional(),
  /** Whether the engine itself does not trust what it printed. */
  maybeCorrupt: z.boolean().optional(),
});

export type Preview = z.output<typeof previewSchema>;
export type Operation = "create" | "update" | "replace" | "delete";

/** What happens to one resource. */
export interface Change {
  readonly operation: Operation;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Name of the component that it belongs to; the stack itself for those above all components. */
  readonly component: string;
  /** Inputs that differ, without their values: a value may be secret. */
  readonly differs: readonly string[];
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  /** Whether the program protects it, or keeps it when the engine forgets it: by the program's own word it holds data. */
  readonly kept: boolean;
}

/**
 * Reads a file that `pulumi preview --json` wrote.
 * @throws CliError for a file that is something else
 */
export function readPreview(file: string): Preview {
  const wrong = (got: string) =>
    new CliError(
      {
        got: `${file}: got ${got}`,
        allowed: "what `pulumi preview --json` prints, without PULUMI_ENABLE_STREAMING_JSON_PREVIEW",
        fix: "write it again",
      },
      EXIT.usage,
    );
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw wrong("no readable file");
  }
  let preview: Preview;
  try {
    preview = previewSchema.parse(JSON.parse(text));
  } catch {
    throw wrong("something else, or a part of one");
  }
  const missing = missingParts(preview);
  if (missing.length > 0) throw wrong(`a preview with ${missing.join(", ")}`);
  return preview;
}

/** What a preview lacks that did not fail. Steps that change nothing may be left out. */
function missingParts(preview: Preview): readonly string[] {
  if (isFailed(preview)) return [];
  const { steps, changeSummary, maybeCorrupt = false } = preview;
  const listed = (op: string) => steps.filter((step) => step.op === op).length;
  const short = Object.entries(changeSummary ?? {}).filter(([op, count]) => op !== "same" && listed(op) < count);
  return [
    ...(steps.length === 0 ? ["no step"] : []),
    ...(changeSummary === undefined ? ["no result"] : []),
    ...short.map(([op, count]) => `${listed(op)} of ${count} steps ${op}`),
    ...(maybeCorrupt ? ["the engine's own word that it may be corrupt"] : []),
  ];
}

/** Whether the preview itself failed. */
export function isFailed({ diagnostics }: Preview): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  create: "create",
  import: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "import-replacement": "replace",
};

/** Everything that changes, one entry a resource; the engine tells a replacement in three steps. */
export function changesOf({ steps }: Preview): readonly Change[] {
  const changes = new Map<string, Change>();
  for (const { op, urn, oldState, newState, replaceReasons, diffReasons, detailedDiff } of steps) {
    const operation = OPERATIONS[op];
    if (operation === undefined || changes.has(urn)) continue;
    const { type = "", parent } = newState ?? oldState ?? {};
    changes.set(urn, {
      operation,
      urn,
      type,
      name: resourceName(urn),
      component: parent === undefined ? resourceName(urn) : resourceName(parent),
      differs: [
        ...new Set([
          ...(replaceReasons ?? []),
          ...(diffReasons ?? []),
          ...Object.keys(detailedDiff ?? {}).map(topLevel),
        ]),
      ].sort(),
      before: oldState?.inputs ?? {},
      after: newState?.inputs ?? {},
      kept: oldState?.protect === true || oldState?.retainOnDelete === true,
    });
  }
  return [...changes.values()];
}

/** `uploads[0].content` is `uploads`. */
function topLevel(path: string): string {
  return path.split(/[.[]/)[0] ?? path;
}
