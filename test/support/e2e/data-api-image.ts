import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { postgrest } from "../../../components/services/postgrest/index.ts";
import { docker } from "./e2e.ts";

const BASE = "node:22-alpine";
const { repository, tag } = postgrest.images.postgrest;

/** The tag of the stand-in, which nobody takes for the program's own. */
export const STAND_IN = `${tag}-stand-in`;
/** What an engine or a node calls it. */
export const STAND_IN_IMAGE = `${repository}:${STAND_IN}`;

const path = (from: string) => fileURLToPath(new URL(`../../../${from}`, import.meta.url));

/** A package and all that it needs. */
function withDependencies(name: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(name)) return found;
  found.add(name);
  const text = readFileSync(path(`node_modules/${name}/package.json`), "utf8");
  const { dependencies = {} } = JSON.parse(text) as { readonly dependencies?: Readonly<Record<string, string>> };
  for (const each of Object.keys(dependencies)) withDependencies(each, found);
  return found;
}

/** Makes an image with the stand-in where PostgREST's has its program. */
export async function makeStandIn(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "postgrest-"));
  const program = join(root, "opt", "postgrest");
  mkdirSync(join(root, "bin"), { recursive: true });
  mkdirSync(program, { recursive: true });
  cpSync(path("test/e2e/programs/postgrest.mjs"), join(program, "postgrest.mjs"));
  for (const name of withDependencies("pg"))
    cpSync(path(`node_modules/${name}`), join(program, "node_modules", name), { recursive: true });
  const start = '#!/bin/sh\nexec node /opt/postgrest/postgrest.mjs "$@"\n';
  writeFileSync(join(root, "bin", "postgrest"), start, { mode: 0o755 });
  const container = (await docker("create", BASE)).trim();
  try {
    await docker("cp", join(program, ".."), `${container}:/`);
    await docker("cp", join(root, "bin", "postgrest"), `${container}:/bin/postgrest`);
    await docker("commit", container, STAND_IN_IMAGE);
  } finally {
    await docker("rm", "-f", container);
    rmSync(root, { recursive: true });
  }
}

export async function removeStandIn(): Promise<void> {
  await docker("rmi", "-f", STAND_IN_IMAGE).catch(() => undefined);
}
