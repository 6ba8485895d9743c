import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { commentOf } from "../../../cli/ci/comment.ts";
import { portsOpened } from "../../../cli/ci/ports.ts";
import { readPreview } from "../../../cli/ci/preview.ts";
import { cli } from "../../support/run/cli.ts";

/** Recorded with Pulumi 3.260 from a real stack, less file contents. */
const preview = (name: string) => readPreview(`test/cli/ci/previews/${name}.json`);

const PLAN = {
  findings: [
    {
      policy: "database-backup",
      enforcement: "advisory",
      message: 'container "postgres": got a | b',
      accepted: "by <another> tool",
    },
  ],
  sum: { cpu: 1500, memory: 1024, disk: 2048 },
  host: { cpu: 2000, memory: 4096, disk: 20_480 },
  urls: { app: "http://pr-802.localhost:10802/" },
  published: [{ workload: "proxy", listens: "127.0.0.1:10802", exposure: "loopback" }],
} as const;

describe("the comment of a pull request", () => {
  it.each(["create", "replace-volume", "delete-database", "nothing", "error"])("for a preview of %s", async (name) => {
    await expect(commentOf({ stack: "pr-802", preview: preview(name), plan: PLAN })).toMatchFileSnapshot(
      `golden/${name}.md`,
    );
  });

  it("for a fork, which has no secrets and so no preview", async () => {
    const renderedDiff = "--- a/compose.yaml\n+++ b/compose.yaml\n-  image: a\n+  image: ```b\n";
    await expect(commentOf({ stack: "dev", plan: { ...PLAN, findings: [] }, renderedDiff })).toMatchFileSnapshot(
      "golden/fork.md",
    );
  });

  it("puts what touches data first", () => {
    const text = commentOf({ stack: "pr-802", preview: preview("delete-database") });
    expect(text.indexOf("**Touches data.**")).toBeLessThan(text.indexOf("| component |"));
    expect(text).toContain("| `postgres-17` | deletes a volume |");
    expect(text).toContain("| `postgres` | deletes a database server |");
  });

  it("names ports that open, and not those that were open", () => {
    expect(commentOf({ stack: "pr-802", preview: preview("create") })).toContain(
      "**Opens ports:** `127.0.0.1:10803` (proxy)",
    );
    expect(commentOf({ stack: "pr-802", preview: preview("delete-database") })).not.toContain("Opens ports");
  });

  it("names a UDP port that opens beside a TCP port of the same number", () => {
    const change = { operation: "update", urn: "", type: "", component: "", differs: ["ports"], kept: false } as const;
    const tcp = { ip: "127.0.0.1", external: 8000, protocol: "tcp" };
    const proxy = { ...change, name: "proxy", before: { ports: [tcp] }, after: { ports: [tcp] } };
    const alloy = { ...change, name: "alloy", before: {}, after: { ports: [{ ...tcp, protocol: "udp" }] } };
    expect(portsOpened([proxy, alloy])).toEqual([{ name: "alloy", address: "127.0.0.1:8000/udp" }]);
  });

  it("holds no value of any input", () => {
    const text = commentOf({ stack: "pr-802", preview: preview("create") });
    for (const value of ["LOG_LEVEL", "unless-stopped", "10001:10001", "postgres:17-alpine"]) {
      expect(readFileSync("test/cli/ci/previews/create.json", "utf8"), value).toContain(value);
      expect(text, value).not.toContain(value);
    }
  });

  it("shortens a difference that the forge would not take", () => {
    const text = commentOf({ stack: "dev", renderedDiff: "+".repeat(100_000) });
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain("… 60000 characters more");
  });
});

describe("ci comment", () => {
  it("prints it", async () => {
    const { code, stdout, stderr } = await cli([
      "ci",
      "comment",
      "--stack",
      "pr-802",
      "--preview",
      "test/cli/ci/previews/nothing.json",
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe("<!-- apprun-infra pr-802 -->\n\n### Stack `pr-802`\n\nNothing changes.\n");
  });

  it.each<[string[], string]>([
    [
      ["--preview", "README.md"],
      "README.md: got something else, or a part of one; allowed: what `pulumi preview --json` prints, without PULUMI_ENABLE_STREAMING_JSON_PREVIEW; write it again\n",
    ],
    [
      ["--preview", "nowhere.json"],
      "nowhere.json: got no readable file; allowed: what `pulumi preview --json` prints, without PULUMI_ENABLE_STREAMING_JSON_PREVIEW; write it again\n",
    ],
    [
      ["--plan", "README.md"],
      "--plan README.md: got something else; allowed: what `plan --json` prints; write it again\n",
    ],
    [
      ["--rendered-diff", "nowhere"],
      "--rendered-diff nowhere: got no readable file; allowed: a file; write it first\n",
    ],
  ])("refuses %j", async (args, stderr) => {
    expect(await cli(["ci", "comment", "--stack", "dev", ...args])).toEqual({ code: 2, stdout: "", stderr });
  });

  it("refuses a number that is none", async () => {
    const { code, stderr } = await cli(["ci", "comment", "--stack", "dev", "--pull-request", "0"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: '--pull-request: got "0"; allowed: a whole number from 1; change it\n',
    });
  });
});
