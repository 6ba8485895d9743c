import { spawnSync } from "node:child_process";
import { globSync, readFileSync, statSync } from "node:fs";

// `npm run shellcheck`: every shell script of the repository. A machine without the tool is told so; a pipeline must have it.
const inPipelines = globSync(".ci/**").filter(
  (file) => statSync(file).isFile() && readFileSync(file, "utf8").startsWith("#!"),
);
const files = [...inPipelines, ...globSync("{bench,cli,components,policies,scripts,test}/**/*.sh")].sort();
const pipeline = (process.env["CI"] ?? "") !== "";
const { error, status } = spawnSync("shellcheck", files, { stdio: "inherit" });
if (error !== undefined)
  console.error(
    `${String(files.length)} shell scripts are not checked: shellcheck is not on PATH; .ci/tools/install installs it`,
  );
process.exitCode = error === undefined ? (status ?? 1) : Number(pipeline);
