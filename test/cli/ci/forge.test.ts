import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { githubFromEnvironment, type Forge } from "../../../cli/ci/forge.js";
import { cli } from "../../support/cli.js";
import { FakeForge } from "../../support/forge.js";

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
    const args = ["ci", "comment", "--stack", "dev", "--preview", "test/cli/ci/previews/nothing.json", "--pull-request", "7"];
    expect((await cli(args, fake.env)).stderr).toBe("created the comment of stack dev in pull request 7\n");
    expect((await cli(args, fake.env)).stderr).toBe("updated the comment of stack dev in pull request 7\n");
    expect(fake.forge.comments.map(({ body }) => body)).toEqual(["<!-- apprun-infra dev -->\n\n### Stack `dev`\n\nNothing changes.\n"]);
  });

  it("is not guessed where the environment does not name it", () => {
    expect(() => githubFromEnvironment({ GITHUB_REPOSITORY: "acme/platform" })).toThrow(
      "GitHub: got no GITHUB_TOKEN or no GITHUB_REPOSITORY; allowed: both, as a workflow has them; set them, or name the open pull requests with --open",
    );
  });
});
