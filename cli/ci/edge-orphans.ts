import { edgeOwner } from "../../components/edge/owner.ts";
import { pullRequestOf } from "../kit/pull-request.ts";

/** What a stack has at Cloudflare under its own name, in the order in which it goes: no host name outlives what guards it. */
export const EDGE_KINDS = [
  "DNS record",
  "Access application",
  "Access policy",
  "Access service token",
  "tunnel",
] as const;
export type EdgeKind = (typeof EDGE_KINDS)[number];

/** Something in a Cloudflare account, whoever made it. */
export interface EdgeObject {
  readonly kind: EdgeKind;
  readonly id: string;
  /** Its name; of a record the host. */
  readonly name: string;
  /** What may say whose it is: a record's comment, everything else's name. */
  readonly mark: string;
  /** Id of a record's zone. */
  readonly zone?: string;
}

export interface EdgeOrphan extends EdgeObject {
  readonly stack: string;
}

export interface EdgeOrphansArgs {
  readonly project: string;
  /** Pull requests that are open. */
  readonly open: readonly number[];
  /** Stacks of the backend: what theirs is goes with them. */
  readonly stacks: readonly string[];
}

/** What this program made for stacks `pr-<n>` that are gone and whose pull request is not open, in the order in which it goes. */
export function edgeOrphansOf(
  objects: readonly EdgeObject[],
  { project, open, stacks }: EdgeOrphansArgs,
): readonly EdgeOrphan[] {
  return EDGE_KINDS.flatMap((kind) => objects.filter((object) => object.kind === kind)).flatMap((object) => {
    const stack = ownerOf(object, project);
    const number = stack === undefined ? undefined : pullRequestOf(stack);
    if (stack === undefined || number === undefined || open.includes(number) || stacks.includes(stack)) return [];
    return [{ ...object, stack }];
  });
}

/** The stack that a mark names: the whole of a record's comment and a tunnel's name, the first word of the others. */
function ownerOf({ kind, mark }: EdgeObject, project: string): string | undefined {
  const owner = kind.startsWith("Access") ? (/^(\S+) ./.exec(mark)?.[1] ?? "") : mark;
  const stack = /-(pr-\d+)-[a-z]+$/.exec(owner)?.[1];
  return stack !== undefined && edgeOwner({ project, stack }) === owner ? stack : undefined;
}
