import { Octokit } from "@octokit/rest";
import { CliError, EXIT } from "../kit/exit.ts";

/** What the commands ask of the place where pull requests are. */
export interface Forge {
  /** Numbers of the pull requests that are open. */
  openPullRequests(): Promise<readonly number[]>;
  /** Writes the one comment of a pull request that begins with `marker`, over the one that is there. */
  comment(pullRequest: number, marker: string, body: string): Promise<"created" | "updated">;
  /** Keeps at most one issue of a title open: opened with `body`, or closed where there is none to report. */
  report(title: string, body: string | undefined): Promise<"opened" | "updated" | "closed" | "unchanged">;
}

/** GitHub, or what speaks its API, as GitHub's own workflows describe it in the environment. */
export function githubFromEnvironment(env: NodeJS.ProcessEnv = process.env): Forge {
  const {
    GITHUB_TOKEN: token,
    GITHUB_REPOSITORY: repository = "",
    GITHUB_API_URL: baseUrl = "https://api.github.com",
  } = env;
  const [owner, repo] = repository.split("/");
  if (token === undefined || owner === undefined || repo === undefined)
    throw new CliError(
      {
        got: "GitHub: got no GITHUB_TOKEN or no GITHUB_REPOSITORY",
        allowed: "both, as a workflow has them",
        fix: "set them, or name the open pull requests with --open",
      },
      EXIT.usage,
    );
  return github(new Octokit({ auth: token, baseUrl }), { owner, repo });
}

function github(octokit: Octokit, place: { readonly owner: string; readonly repo: string }): Forge {
  return {
    async openPullRequests() {
      const pulls = await octokit.paginate(octokit.rest.pulls.list, { ...place, state: "open", per_page: 100 });
      return pulls.map(({ number }) => number);
    },
    async comment(issue_number, marker, body) {
      const comments = await octokit.paginate(octokit.rest.issues.listComments, {
        ...place,
        issue_number,
        per_page: 100,
      });
      // The marker alone would let anybody's comment be taken for ours.
      const own = comments.find((comment) => comment.body?.startsWith(marker) === true && comment.user?.type === "Bot");
      if (own === undefined) {
        await octokit.rest.issues.createComment({ ...place, issue_number, body });
        return "created";
      }
      await octokit.rest.issues.updateComment({ ...place, comment_id: own.id, body });
      return "updated";
    },
    async report(title, body) {
      const issues = await octokit.paginate(octokit.rest.issues.listForRepo, {
        ...place,
        state: "open",
        per_page: 100,
      });
      const open = issues.find(
        (issue) => issue.title === title && issue.pull_request === undefined && issue.user?.type === "Bot",
      );
      if (open === undefined) {
        if (body === undefined) return "unchanged";
        await octokit.rest.issues.create({ ...place, title, body });
        return "opened";
      }
      await octokit.rest.issues.update({
        ...place,
        issue_number: open.number,
        ...(body === undefined ? { state: "closed" as const } : { body }),
      });
      return body === undefined ? "closed" : "updated";
    },
  };
}
