import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "./e2e.ts";

/** Every generated secret's value, by its name. */
export async function generatedSecrets(project: TestProject): Promise<Record<string, string>> {
  const { stdout } = await project.pulumi(["stack", "export", "--show-secrets"]);
  const { deployment } = JSON.parse(stdout) as { deployment: { resources: { type: string; urn: string; outputs?: { result?: string } }[] } };
  const passwords = deployment.resources.filter(({ type }) => type.startsWith("random:"));
  return Object.fromEntries(
    passwords.map(({ urn, outputs }) => {
      const result = outputs?.result as unknown as { plaintext: string };
      return [urn.split("::").at(-1) ?? urn, JSON.parse(result.plaintext) as string];
    }),
  );
}

/** The text of every file below a directory. */
export function readTree(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}
