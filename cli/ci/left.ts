import { resourceName, type State } from "../engine/state.ts";

/** What a run that was cut off left of a stack, in Markdown, and the way on. No values: they may be secret. */
export function leftBy(stack: string, { resources = [], pending_operations: pending = [] }: State): string {
  const going = resources.filter((resource) => resource.delete === true);
  const list = (what: string, names: readonly string[]) =>
    names.length === 0
      ? []
      : [
          `- ${what}: ${[...names]
            .sort()
            .map((name) => `\`${name}\``)
            .join(", ")}`,
        ];
  return [
    `**The run was cut off.** Stack \`${stack}\` has ${resources.length} resources in its state.`,
    "",
    ...list(
      "under way when it ended, so made or not",
      pending.map(({ resource }) => resourceName(resource.urn)),
    ),
    ...list(
      "replaced, and the old one is still to be deleted",
      going.map(({ urn }) => resourceName(urn)),
    ),
    "- the lock may still be held: docs/ci.md says how to take it away, once nobody else works on this stack",
    "- the next `up` looks at what is there and goes on; what the state does not know it removes, except data",
  ].join("\n");
}
