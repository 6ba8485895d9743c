import { issueBody } from "../../ci/issue-body.ts";
import { githubFromEnvironment } from "../../ci/forge.ts";
import { CliError, EXIT } from "../../kit/exit.ts";
import { note } from "../../kit/output.ts";

export interface CiImagesOptions {
  readonly result: string;
  readonly report: string;
}

/** Opens, keeps up to date or closes the issue that says that the catalogue's images are not as their registries have them. */
export async function ciImages({ result, report }: CiImagesOptions): Promise<void> {
  if (result !== "current" && result !== "behind")
    throw new CliError(
      { got: `--result: got "${result}"`, allowed: "current or behind", fix: "name one of them" },
      EXIT.usage,
    );
  const body = result === "current" ? undefined : issueBody("What `images check` found in the registries.", report);
  note(`${await githubFromEnvironment().report("Images of the catalogue", body)} the issue of the images`);
}
