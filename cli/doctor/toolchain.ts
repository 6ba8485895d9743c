import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { findEngine, INSTALL_ENGINE } from "../engine/find.ts";
import type { RecordedResource } from "../kit/record.ts";
import { findings, type DoctorFinding } from "./finding.ts";

const engine = findings("engine");

/** The engine, and a plugin of the right version for every provider that the stack uses. */
export async function toolchainFindings(resources: readonly RecordedResource[]): Promise<readonly DoctorFinding[]> {
  const found = await findEngine();
  const missing = "missing" in found ? [engine.error(`missing ${found.missing}`, INSTALL_ENGINE)] : [];
  return [...missing, ...pluginFindings(resources)];
}

function pluginFindings(resources: readonly RecordedResource[]): readonly DoctorFinding[] {
  const home = process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
  const providers = new Set(
    resources.map(({ type }) => type.split(":")[0] ?? "").filter((name) => !["pulumi", "apprun"].includes(name)),
  );
  return [...providers]
    .sort()
    .map((name) => ({ name, version: sdkVersion(name) }))
    .filter(
      ({ name, version }) =>
        version !== undefined && !existsSync(join(home, "plugins", `resource-${name}-v${version}`)),
    )
    .map(({ name, version = "" }) =>
      engine.warning(
        `plugin ${name} ${version} is not in ${join(home, "plugins")}; the next update downloads it`,
        `pulumi plugin install resource ${name} ${version}`,
      ),
    );
}

/** The plugin's version is the one of the package that the program imports. */
function sdkVersion(name: string): string | undefined {
  try {
    const file = new URL(`../../node_modules/@pulumi/${name}/package.json`, import.meta.url);
    return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  } catch {
    return undefined;
  }
}
