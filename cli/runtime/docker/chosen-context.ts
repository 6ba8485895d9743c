import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ChosenContext } from "../../../components/platform/docker/which-docker.ts";

const DIRECTORY = process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker");

/** What `docker context use` chose, or nothing where it chose nothing that can be read. */
export function chosenContext(directory: string = DIRECTORY): ChosenContext | undefined {
  const { currentContext: name } = readJson(join(directory, "config.json")) as { currentContext?: string };
  return contextNamed(name, directory);
}

/** The context of a name, or nothing for one that names no other engine or cannot be read. */
export function contextNamed(name: string | undefined, directory: string = DIRECTORY): ChosenContext | undefined {
  if (name === undefined || name === "" || name === "default") return undefined;
  const id = createHash("sha256").update(name).digest("hex");
  const meta = readJson(join(directory, "contexts", "meta", id, "meta.json")) as {
    Endpoints?: { docker?: { Host?: string } };
  };
  const host = meta.Endpoints?.docker?.Host;
  return host === undefined ? undefined : { name, host };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8")) ?? {};
  } catch {
    return {};
  }
}
