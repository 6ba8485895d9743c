import { coerce, compare, major, minor } from "semver";
import type { VersionSteps } from "../../components/model/images.ts";
import { CATALOGUE } from "../../components/services/catalogue.ts";
import { parseImage } from "../../policies/read/image.ts";
import { CliError, EXIT } from "../kit/exit.ts";
import type { Project } from "../kit/project.ts";
import { imageReferences, registered } from "./image-references.ts";
import type { State } from "./state.ts";

const RULES = Object.entries(CATALOGUE).flatMap(([image, { steps }]) =>
  steps === undefined ? [] : [{ image, ...steps }],
);

/** What is allowed instead of a step from one tag to another; nothing where the step is, or where a tag names no version. */
export function illegalStep({ eachMinor, reason }: VersionSteps, from: string, to: string): string | undefined {
  const [old, next] = [coerce(from), coerce(to)];
  if (old === null || next === null || compare(old, next) === 0) return undefined;
  if (compare(next, old) < 0) return `${from} or newer: ${reason}`;
  if (!eachMinor || (major(old) === major(next) && minor(next) - minor(old) <= 1)) return undefined;
  return `a version of ${major(old)}.${minor(old)} or ${major(old)}.${minor(old) + 1}, one minor version at a time: ${reason}`;
}

/**
 * Refuses image versions that the data cannot go to from what runs.
 * @throws CliError with all of them
 */
export function refuseIllegalSteps({ stack, recording }: Pick<Project, "stack" | "recording">, state: State): void {
  const { workloads } = recording.result.inventory;
  const running = imageReferences(registered(state));
  const problems = RULES.flatMap((rule) => {
    const users = workloads.filter(({ image }) => image === rule.image);
    const runs = [`image-${rule.image}`, ...users.map(({ name }) => name)]
      .map((name) => running.get(name))
      .find((reference) => reference !== undefined);
    const from = runs && parseImage(runs).tag;
    const to = users.map(({ reference }) => parseImage(reference).tag).at(0);
    const allowed = from && to && illegalStep(rule, from, to);
    return allowed
      ? [{ got: `images.pins.${rule.image}.tag: got ${to} and ${from} runs`, allowed, fix: "change the pin" }]
      : [];
  });
  if (problems.length === 0) return;
  throw new CliError(
    { heading: `stack ${stack}: versions that the data cannot go to; nothing was changed`, problems },
    EXIT.usage,
  );
}
