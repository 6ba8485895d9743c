import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { imagesBom } from "../../ci/sbom.ts";
import { print } from "../../kit/output.ts";
import { loadProject } from "../../kit/project.ts";

export interface CiSbomOptions {
  readonly stack: string;
  readonly cwd: string;
  readonly out?: string;
}

/** Writes which images a stack runs, as a CycloneDX document: no engine and no registry is asked. */
export async function ciSbom({ stack, cwd, out }: CiSbomOptions): Promise<void> {
  const { settings, recording } = await loadProject({ stack, cwd });
  const references = recording.result.inventory.workloads.map(({ reference }) => reference);
  const text = imagesBom(settings.identity, references);
  if (out === undefined) {
    print(text.trimEnd());
    return;
  }
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, text);
}
