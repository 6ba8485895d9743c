import { environmentOf } from "../settings/kit/environment.ts";
import type { RawSettings } from "./raw-settings.ts";

/** What the stacks of all pull requests have in common. No stack has this name. */
export const COMMON_FILE = "Pulumi.pr.yaml";

/**
 * The files that hold a stack's settings; what a later one says counts.
 * @throws ModelError for a name that is no environment, before it becomes a part of a path
 */
export function stackFiles(stack: string): readonly string[] {
  const own = `Pulumi.${stack}.yaml`;
  return environmentOf(stack).kind === "pr" ? [COMMON_FILE, own] : [own];
}

/** Settings over others, key by key: a key of `over` takes the place of the whole value below it. */
export function overlay(below: RawSettings, over: RawSettings): RawSettings {
  return {
    ...over,
    values: { ...below.values, ...over.values },
    secrets: { ...without(below.secrets, over.named), ...over.secrets },
    ownSecrets: { ...below.ownSecrets, ...over.ownSecrets },
    named: { ...without(below.named, over.secrets), ...over.named },
    plainSecrets: [...new Set([...below.plainSecrets, ...over.plainSecrets])],
    unread: [...new Set([...(below.unread ?? []), ...(over.unread ?? [])])],
    misplaced: [...(below.misplaced ?? []), ...(over.misplaced ?? [])],
  };
}

/** A secret is given or named, and what counts is said last. */
function without<T extends object>(map: T | undefined, keys: object | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => !Object.hasOwn(keys ?? {}, key))) as Partial<T>;
}
