import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { note } from "../kit/output.ts";
import type { Project } from "../kit/project.ts";
import { manifests, secretObject, secretReferences, type KubernetesObject, type SecretReference } from "./manifests.ts";
import { recordWithValues, type Written } from "./written.ts";

/** Names of the files that this writes. */
const OWN_FILES = /^\d\d-[a-z]+-[a-z0-9.-]+\.yaml$/;

/** Writes a stack on Kubernetes as manifests, one object a file. */
export async function writeManifests(directory: string, project: Project, generateSecrets: boolean): Promise<Written> {
  const { resources } = project.recording;
  const written = manifests(resources);
  const secrets = secretReferences(resources);
  // Objects of an earlier rendering would be applied with the new ones.
  const files = new Set(written.map(({ file }) => file));
  for (const file of readdirSync(directory))
    if (OWN_FILES.test(file) && !files.has(file)) rmSync(join(directory, file));
  for (const { file, object } of written) writeFileSync(join(directory, file), yaml(object));
  const secretsDirectory = join(directory, "secrets");
  if (generateSecrets) await writeSecrets(secretsDirectory, project, secrets);
  return { main: directory, secrets, needs: `${secrets.length} Secrets, to be applied from ${secretsDirectory}` };
}

/** Secrets that are there stay: a database remembers its passwords. */
async function writeSecrets(directory: string, project: Project, secrets: readonly SecretReference[]): Promise<void> {
  if (existsSync(directory)) {
    note(`${directory} is there already and was left as it is: its files belong together`);
    return;
  }
  const { resources } = await recordWithValues(project);
  mkdirSync(directory, { mode: 0o700 });
  for (const secret of secrets)
    writeFileSync(join(directory, `${secret.name}.yaml`), yaml(secretObject(secret, resources)), { mode: 0o600 });
}

function yaml(object: KubernetesObject): string {
  return stringify(object, { lineWidth: 0, aliasDuplicateObjects: false, sortMapEntries: true });
}
