import { LABELS } from "../../components/model/identity.ts";

export interface Label {
  readonly label: string;
  readonly value: string;
}

export function labelMap(labels: readonly Label[] = []): Record<string, string> {
  // Compose has its own labels for what belongs to a project; ours would make `up` take the containers for its own.
  return Object.fromEntries(
    labels.filter(({ label }) => label !== LABELS.managedBy).map(({ label, value }) => [label, value]),
  );
}

/** Compose replaces `$NAME` in every text; two signs stand for one. */
export function escaped(text: string): string {
  return text.replaceAll("$", "$$$$");
}

/** Where the Compose file looks for secret files. */
export const SECRETS_DIRECTORY = "./secrets";

/** What stands for a variable among the paths of secret files. */
export function variablePath(line: string): string {
  return `environment/${line.slice(0, line.indexOf("="))}`;
}
