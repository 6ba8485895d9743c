import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { containers, docker, type TestProject } from "./e2e.ts";

/** Every generated secret's value, by its name. */
export async function generatedSecrets(project: TestProject): Promise<Record<string, string>> {
  const { stdout } = await project.pulumi(["stack", "export", "--show-secrets"]);
  const { deployment } = JSON.parse(stdout) as {
    deployment: { resources: { type: string; urn: string; outputs?: { result?: string } }[] };
  };
  const passwords = deployment.resources.filter(({ type }) => type.startsWith("random:"));
  return Object.fromEntries(
    passwords.map(({ urn, outputs }) => {
      const result = outputs?.result as unknown as { plaintext: string };
      return [urn.split("::").at(-1) ?? urn, JSON.parse(result.plaintext) as string];
    }),
  );
}

/** The names of the secrets that the program generates. */
export async function plannedSecrets(project: TestProject): Promise<readonly string[]> {
  const { stdout } = await project.cli(["plan", "--json"]);
  const { resources } = JSON.parse(stdout) as { resources: { type: string; name: string }[] };
  return resources
    .filter(({ type }) => type.startsWith("random:"))
    .map(({ name }) => name)
    .sort();
}

/** The text of every file below a directory. */
export function readTree(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

/** Every generated secret, and the text of each place where none of them may be. */
export async function whereSecretsCouldBe(project: TestProject, stack: string) {
  const names = Object.keys(await containers(stack));
  const places: Record<string, string> = {
    output: project.output,
    state: readTree(join(project.directory, ".apprun", "state")),
    rendered: readTree(join(project.directory, "rendered")),
    inspect: await docker("inspect", ...names),
    logs: (await Promise.all(names.map((container) => docker("logs", container)))).join("\n"),
    processes: (
      await Promise.all(names.map((container) => docker("top", container, "-o", "args").catch(() => "")))
    ).join("\n"),
  };
  return { secrets: await generatedSecrets(project), places };
}
