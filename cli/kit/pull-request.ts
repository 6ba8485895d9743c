import { environmentOf } from "../../components/settings/kit/environment.ts";

/** The number in a stack's name `pr-<n>`. */
export function pullRequestOf(name: string): number | undefined {
  try {
    return environmentOf(name).pullRequest;
  } catch {
    return undefined;
  }
}
