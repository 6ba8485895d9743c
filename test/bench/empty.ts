import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";

/** A Pulumi program with the same providers, options and language, and next to nothing in it. */
const PROGRAM = `
import * as docker from "@pulumi/docker";
import { RandomPassword } from "@pulumi/random";
const provider = new docker.Provider("docker", { host: "unix:///var/run/docker.sock" });
new docker.Network("network", { name: "apprun-bench-empty" }, { provider });
new RandomPassword("password", { length: 8 });
`;

/** Writes the empty project and returns its directory. */
export function emptyProject(root: string): string {
  const directory = join(root, ".apprun", "bench-empty");
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(join(directory, ".apprun", "state"), { recursive: true });
  writeFileSync(join(directory, "index.ts"), PROGRAM);
  writeFileSync(
    join(directory, "Pulumi.yaml"),
    stringify({
      name: "empty",
      main: "index.ts",
      runtime: { name: "nodejs", options: { typescript: false, nodeargs: `--require ${join(root, "start.cjs")}` } },
      backend: { url: "file://./.apprun/state" },
      options: { refresh: "always" },
    }),
  );
  return directory;
}
