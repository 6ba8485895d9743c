import { generationsOf } from "../../components/model/rotation.ts";
import { rotationOf } from "../../components/stack/rotation.ts";
import { CliError, EXIT } from "../kit/exit.ts";
import type { Project } from "../kit/project.ts";
import { resourceName, type State } from "./state.ts";

const SECRET_TYPE = "random:index/randomPassword:RandomPassword";

/** The newest generation of a secret in the state; 0 for one that it does not have. */
function newestInState({ resources = [] }: State, secret: string): number {
  const generations = resources
    .filter(({ type }) => type === SECRET_TYPE)
    .map(({ urn }) => new RegExp(`^${secret}(?:-(\\d+))?$`).exec(resourceName(urn)))
    .flatMap((found) => (found === null ? [] : [Number(found[1] ?? "1")]));
  return Math.max(0, ...generations);
}

/**
 * Refuses generations that the state cannot go to: a lower one, whose value is
 * gone or was given up, one that skips another, whose value the services would
 * not know, and one of a secret that the stack does not have.
 * @throws CliError with all of them; nothing was changed
 */
export function refuseRotation(
  { stack, settings, recording }: Pick<Project, "stack" | "settings" | "recording">,
  state: State,
): void {
  const wanted = new Set(recording.resources.filter(({ type }) => type === SECRET_TYPE).map(({ name }) => name));
  const problems = Object.entries(rotationOf(settings)).flatMap(([secret, rotation]) => {
    const { generation } = rotation;
    const key = `apprun:rotation.${secret}: got ${generation}`;
    const newest = newestInState(state, secret);
    const [current] = generationsOf(secret, rotation);
    if (generation > 1 && !wanted.has(current.resource))
      return [{ got: key, allowed: "nothing: the stack has no such secret", fix: "remove it" }];
    if (newest === 0 || !wanted.has(current.resource)) return [];
    const got = `${key} and ${newest} is in force`;
    if (generation < newest) return [{ got, allowed: `${newest} or ${newest + 1}`, fix: "write one of them" }];
    if (generation > newest + 1)
      return [{ got, allowed: `${newest} or ${newest + 1}, one step at a time`, fix: `write ${newest + 1}` }];
    return [];
  });
  if (problems.length === 0) return;
  throw new CliError(
    { heading: `stack ${stack}: generations of secrets that cannot be; nothing was changed`, problems },
    EXIT.usage,
  );
}
