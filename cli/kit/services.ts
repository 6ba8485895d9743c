import { closest, distance } from "fastest-levenshtein";
import type { InventoryWorkload } from "../../components/model/inventory.ts";
import { CliError, EXIT } from "./exit.ts";

/** Whether so few letters differ that one was meant for the other. */
function isNear(given: string, name: string): boolean {
  return distance(given, name) * 2 < given.length;
}

/**
 * The one of these that was named.
 * @throws CliError with exit code 2 that names all, and the nearest where one is near
 */
export function named<T extends { readonly name: string }>(what: string, given: string, all: readonly T[]): T {
  const found = all.find(({ name }) => name === given);
  if (found !== undefined) return found;
  const names = all.map(({ name }) => name);
  const nearest = names.length === 0 ? undefined : closest(given, names);
  throw new CliError(
    {
      got: `${what}: got "${given}"`,
      allowed: names.join(", ") || "none, the stack has none",
      fix: nearest !== undefined && isNear(given, nearest) ? `did you mean "${nearest}"?` : "name one of them",
    },
    EXIT.usage,
  );
}

/** What runs all the time: jobs are done, and a schedule of a cluster runs at its times only. */
export function running(
  workloads: readonly InventoryWorkload[],
  platform: "docker" | "kubernetes",
): readonly InventoryWorkload[] {
  return workloads.filter(({ kind }) => kind === "workload" || (kind === "schedule" && platform === "docker"));
}
