import { closest, distance } from "fastest-levenshtein";
import { knownPaths, type KnownSettings } from "./known-keys.ts";
import type { SettingsProblem } from "./settings-problem.ts";

/** Edits between a misspelt key and the one that is suggested, at most. */
const NEAR = 3;
/** Keys that a message lists; of a longer list it has the nearest ones. */
const MANY = 30;
const SHOWN = 10;

/**
 * The problem of a key that nobody reads. Its value is not shown: it may be a secret in the wrong place.
 * `here` are the keys beside it that are read.
 */
export function unknownKey(path: readonly string[], here: readonly string[], known: KnownSettings): SettingsProblem {
  return {
    path: path.join("."),
    got: "an unknown key",
    allowed: listed(path.at(-1) ?? "", here),
    fix: remedy(path, here, knownPaths(known)),
  };
}

/** The problem of a whole key that is not the project's: of another name of the project, or of a provider. */
export function unreadKey(key: string, project: string, known: KnownSettings): SettingsProblem {
  const own = key.slice(key.indexOf(":") + 1);
  const paths = knownPaths(known);
  const section = key.replace(":", ".");
  const problem = { path: key, key, got: "a key that nobody reads" };
  if (paths.includes(section))
    return {
      ...problem,
      allowed: `${project}:${section}, of which the program tells the provider`,
      fix: "move it there",
    };
  if (paths.includes(own.split(".")[0] ?? own))
    return { ...problem, allowed: `${project}:${own}, after the name of the project`, fix: "rename it" };
  return { ...problem, allowed: `keys that begin with ${project}:`, fix: "remove it" };
}

function listed(key: string, here: readonly string[]): string {
  if (here.length <= MANY) return [...here].sort().join(", ");
  const nearest = [...here].sort((a, b) => distance(key, a) - distance(key, b)).slice(0, SHOWN);
  return `${nearest.sort().join(", ")} and ${here.length - SHOWN} more, which Pulumi.schema.json lists`;
}

function remedy(path: readonly string[], here: readonly string[], paths: readonly string[]): string {
  const key = path.at(-1) ?? "";
  const whole = path.join(".");
  if (key.includes(".") && paths.includes(whole))
    return `write it as a map, as this does: pulumi config set --path 'apprun:${whole}'`;
  const beside = nearestOf(key, here);
  if (beside !== undefined) return `did you mean "${beside}"?`;
  const elsewhere = paths.filter((each) => each.split(".").at(-1) === key);
  if (elsewhere.length === 0) return "remove it";
  const nearest = closest(whole, [...elsewhere]);
  return `did you mean apprun:${nearest}?`;
}

/** The name that a misspelt one stands for, if one is near. */
export function nearestOf(name: string, known: readonly string[]): string | undefined {
  const nearest = known.length === 0 ? undefined : closest(name, [...known]);
  return nearest !== undefined && distance(name, nearest) <= NEAR ? nearest : undefined;
}
