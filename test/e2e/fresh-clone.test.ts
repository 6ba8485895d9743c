import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TestProject } from "../support/e2e/e2e.ts";

const STACK = "pr-820";
const READING = [
  ["plan"],
  ["status"],
  ["doctor"],
  ["backup"],
  ["restore", "--list"],
  ["credentials", "grafana"],
  ["ca"],
  ["state", "backup"],
  ["state", "unlock"],
];

/** Every path below a directory, with the content of files. */
function snapshot(directory: string): Readonly<Record<string, string>> {
  const paths = readdirSync(directory, { recursive: true, encoding: "utf8" }).sort();
  const content = (path: string) =>
    statSync(join(directory, path)).isDirectory() ? "a directory" : readFileSync(join(directory, path), "utf8");
  return Object.fromEntries(paths.map((path) => [path, content(path)]));
}

describe("a command that only reads makes nothing on a fresh clone", () => {
  const project = new TestProject(STACK, { backup: { enabled: true }, tls: { mode: "local-ca" } });
  const before = snapshot(project.directory);

  it.each(READING.map((args) => [args]))("%j", async (args) => {
    await project.cli(args);
    expect(snapshot(project.directory)).toEqual(before);
  });

  it.each([[["credentials", "grafana"]], [["ca"]], [["state", "backup"]]])(
    "%j says that there is no such stack",
    async (args) => {
      const { code, stderr } = await project.cli(args);
      expect(stderr).toMatch(
        /^stack: got "pr-820", which the state in \S+ does not have; allowed: .*; nothing was changed$/m,
      );
      expect(code).toBe(2);
    },
  );
});

it("says the same where there is a state without the stack", async () => {
  const project = new TestProject(STACK, {}, `${STACK}-other`);
  mkdirSync(join(project.directory, ".apprun", "state", ".pulumi"), { recursive: true });
  const file = () => readFileSync(join(project.directory, `Pulumi.${STACK}.yaml`), "utf8");
  const before = file();
  const { code, stderr } = await project.cli(["credentials", "grafana"], { PULUMI_CONFIG_PASSPHRASE: "of the test" });
  expect([code, stderr]).toEqual([2, expect.stringContaining("does not have")]);
  expect([file(), readdirSync(join(project.directory, ".apprun"))]).toEqual([before, ["state"]]);
});
