import { problem, type Rule, type Slice } from "../../settings/kit/rule.ts";
import type { Environment } from "../../settings/kit/environment.ts";
import type { seed } from "./seed-settings.ts";

/** What the rules read. */
type Read = Slice<{ seed: typeof seed }> & { readonly environment: Environment };

/** Where seeds may run. */
export const seedRules: readonly Rule<Read>[] = [
  ({ environment, seed }) =>
    environment.kind !== "pr" && seed.files.length > 0
      ? problem(
          "seed.files",
          "a list",
          "nothing outside of PR stacks: what a seed writes would be among real data",
          "remove it",
        )
      : undefined,
  ({ seed }) => {
    const twice = seed.files.find((file, index) => seed.files.indexOf(file) !== index);
    return twice === undefined
      ? undefined
      : problem("seed.files", `${JSON.stringify(twice)} twice`, "each file once", "remove one of them");
  },
];
