import { problem, type Rule } from "../../settings/kit/rule.ts";

/** Where seeds may run. */
export const seedRules: readonly Rule[] = [
  ({ environment, seed }) =>
    environment.kind !== "pr" && seed.files.length > 0
      ? problem("seed.files", "a list", "nothing but in PR stacks: what a seed writes stands among real data", "remove it")
      : undefined,
  ({ seed }) => {
    const twice = seed.files.find((file, index) => seed.files.indexOf(file) !== index);
    return twice === undefined ? undefined : problem("seed.files", `${JSON.stringify(twice)} twice`, "each file once", "remove one of them");
  },
];
