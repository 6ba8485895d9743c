import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { githubFromEnvironment, type Forge } from "../../../cli/ci/forge.ts";
import { cli } from "../../support/run/cli.ts";
import { FakeForge } from "../../support/fakes/forge.ts";

const fake = { forge: new FakeForge(), env: {} as NodeJS.ProcessEnv };
let github: Forge;

beforeEach(async () => {
  fake.forge = new FakeForge();
  fake.env = await fake.forge.start();
  github = githubFromEnvironment(fake.env);
});
afterEach(() => {
  fake.forge.stop();
});

describe("GitHub", () => {
  it("is asked for all open pull requests, page by page", async () => {
    fake.forge.open.push(1, 2, 3, 4, 5);
    expect(await github.openPullRequests()).toEqual([1, 2, 3, 4, 5]);
  });

  it("gets one comment a stack, kept up to date, and nobody else's is touched", async () => {
    fake.forge.comments.push(
      { id: 1, body: "<!-- dev --> by a person", user: { type: "User" } },
      { id: 2, body: "quotes <!-- dev -->", user: { type: "Bot" } },
      { id: 3, body: "<!-- prod --> of another stack", user: { type: "Bot" } },
    );
    expect(await github.comment(7, "<!-- dev -->", "<!-- dev --> first")).toBe("created");
    expect(await github.comment(7, "<!-- dev -->", "<!-- dev --> second")).toBe("updated");
    expect(fake.forge.comments.map(({ body }) => body)).toEqual([
      "<!-- dev --> by a person",
      "quotes <!-- dev -->",
      "<!-- prod --> of another stack",
      "<!-- dev --> second",
    ]);
  });

  it("is written to by the command", async () => {
    const args = [
      "ci",
      "comment",
      "--stack",
      "dev",
      "--preview",
      "test/cli/ci/previews/nothing.json",
      "--pull-request",
      "7",
    ];
    expect((await cli(args, fake.env)).stderr).toBe("created the comment of stack dev in pull request 7\n");
    expect((await cli(args, fake.env)).stderr).toBe("updated the comment of stack dev in pull request 7\n");
    expect(fake.forge.comments.map(({ body }) => body)).toEqual([
      "<!-- apprun-infra dev -->\n\n### Stack `dev`\n\nNothing changes.\n",
    ]);
  });

  it("has one issue open for a stack that drifts, until it does not", async () => {
    fake.forge.issues.push(
      { number: 1, title: "Drift of stack prod", body: "by a person", state: "open", user: { type: "User" } },
      { number: 2, title: "Drift of stack dev", body: "of another stack", state: "open", user: { type: "Bot" } },
    );
    expect(await github.report("Drift of stack prod", undefined)).toBe("unchanged");
    expect(await github.report("Drift of stack prod", "first")).toBe("opened");
    expect(await github.report("Drift of stack prod", "second")).toBe("updated");
    expect(await github.report("Drift of stack prod", undefined)).toBe("closed");
    expect(fake.forge.issues.map(({ body, state }) => [body, state])).toEqual([
      ["by a person", "open"],
      ["of another stack", "open"],
      ["second", "closed"],
    ]);
  });

  it("has one issue open while images are behind, until they are not", async () => {
    const args = ["ci", "images", "--report", "test/cli/ci/previews/nothing.json"];
    const behind = await cli([...args, "--result", "behind"], fake.env);
    expect(behind).toMatchObject({ code: 0, stderr: "opened the issue of the images\n" });
    expect((await cli([...args, "--result", "behind"], fake.env)).stderr).toBe("updated the issue of the images\n");
    expect((await cli([...args, "--result", "current"], fake.env)).stderr).toBe("closed the issue of the images\n");
    expect(await cli([...args, "--result", "old"], fake.env)).toMatchObject({
      code: 2,
      stderr: '--result: got "old"; allowed: current or behind; name one of them\n',
    });
  });

  it("hears of drift by the command", async () => {
    const args = ["ci", "drift", "--stack", "prod", "--report", "test/cli/ci/previews/nothing.json"];
    expect((await cli([...args, "--result", "drifted"], fake.env)).stderr).toBe("opened the issue of stack prod\n");
    expect(fake.forge.issues[0]?.body).toContain('"same": 53');
    expect((await cli([...args, "--result", "clean"], fake.env)).stderr).toBe("closed the issue of stack prod\n");
    expect(await cli([...args, "--result", "dirty"], fake.env)).toMatchObject({
      code: 2,
      stderr: '--result: got "dirty"; allowed: clean or drifted; name one of them\n',
    });
  });

  it("is not guessed where the environment does not name it", () => {
    expect(() => githubFromEnvironment({ GITHUB_REPOSITORY: "acme/platform" })).toThrow(
      "GitHub: got no GITHUB_TOKEN or no GITHUB_REPOSITORY; allowed: both, as a workflow has them; set them, or name the open pull requests with --open",
    );
  });
});
