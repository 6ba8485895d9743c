import { isDeepStrictEqual } from "node:util";
import type { Problem } from "../../components/model/problem.ts";
import { dataTouched } from "./data.ts";
import { changesOf, isFailed, type Change, type Preview } from "./preview.ts";

/** The label of a pull request by which somebody takes the loss of data on. */
export const DATA_LABEL = "data-change-approved";

export interface GuardArgs {
  readonly preview: Preview;
  /** Labels of the pull request. */
  readonly labels: readonly string[];
  /** The preview that was approved. `@default -` nothing was: only data is looked at */
  readonly approved?: Preview | undefined;
}

/** What keeps a change from going on. */
export function guardProblems({ preview, labels, approved }: GuardArgs): readonly Problem[] {
  if (isFailed(preview))
    return [
      { got: "preview: got one that failed", allowed: "one that ends well", fix: "fix the cause and run it again" },
    ];
  const changes = changesOf(preview);
  const data = labels.includes(DATA_LABEL) ? [] : changes.flatMap(dataProblem);
  return [...data, ...(approved === undefined ? [] : unapproved(changes, changesOf(approved)))];
}

function dataProblem(change: Change): readonly Problem[] {
  const touched = dataTouched(change);
  if (touched === undefined) return [];
  return [
    {
      got: `"${change.name}": got a change that ${touched}`,
      allowed: `with the label ${DATA_LABEL}`,
      fix: "undo it, or back up and set the label",
    },
  ];
}

/** What would be done and was not shown, or was shown and would not be done. */
function unapproved(changes: readonly Change[], approved: readonly Change[]): readonly Problem[] {
  const step = ({ operation, urn }: Change) => `${operation} ${urn}`;
  const shown = new Map(approved.map((change) => [step(change), change]));
  const wanted = new Set(changes.map(step));
  const line = (got: string): Problem => ({ got, allowed: "exactly what was approved", fix: "approve a new preview" });
  return [
    ...changes.flatMap((change) => {
      const { operation, name } = change;
      const before = shown.get(step(change));
      if (before === undefined) return [line(`"${name}": got ${operation}, which nobody approved`)];
      return isSame(change, before) ? [] : [line(`"${name}": got ${operation} with other values than were approved`)];
    }),
    ...approved
      .filter((change) => !wanted.has(step(change)))
      .map(({ operation, name }) => line(`"${name}": got no ${operation}, which was approved`)),
  ];
}

/** The engine masks secrets, so a new value of one does not show here. */
function isSame(change: Change, approved: Change): boolean {
  return isDeepStrictEqual(
    [change.differs, change.before, change.after],
    [approved.differs, approved.before, approved.after],
  );
}
