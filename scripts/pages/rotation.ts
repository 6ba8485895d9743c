import { ROTATED_SECRET_NAMES, ROTATED_SECRETS } from "../../components/services/catalogue.ts";
import type { RotatedSecretFacts } from "../../components/model/rotation.ts";
import { between, table, type Page } from "./page.ts";

/** Every secret that a stack can replace. */
export const rotation: Page = {
  file: "docs/rotation.md",
  content: (today) =>
    between(
      today,
      "secrets",
      table([
        ["secret", "how it reaches the service", "what is restarted", "values in the state"],
        ...ROTATED_SECRET_NAMES.map(row),
      ]),
    ),
};

function row(name: keyof typeof ROTATED_SECRETS): readonly string[] {
  const { reaches, restarts, allStay }: RotatedSecretFacts = ROTATED_SECRETS[name];
  return [`\`${name}\``, reaches, restarts, allStay === undefined ? "this and the one before" : `all: ${allStay}`];
}
