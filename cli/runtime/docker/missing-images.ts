import type Docker from "dockerode";
import { HUB, registryOf } from "../../../components/model/images.ts";
import type { Problem } from "../../../components/model/problem.ts";
import type { PlainLogin as Login } from "../../engine/registry-logins.ts";
import { CHOOSE_ANOTHER, platformProblem } from "../../images/platform-problem.ts";
import { pullFailed, type PullFailure } from "../../images/pull-failure.ts";
import { reasonOf } from "../../kit/exit.ts";
import { inspectedImage } from "./inspected-image.ts";

type Images = Pick<Docker, "getImage">;

/** Those of these references that the engine does not have. It asks the engine alone, so it needs no network. */
export async function missingImages(docker: Images, references: readonly string[]): Promise<readonly string[]> {
  const there = await Promise.all(references.map((reference) => inspectedImage(docker, reference)));
  return references.filter((_, index) => there[index] === undefined);
}

/** Why an image cannot be pulled, in words of the registry that the engine asked; nothing where it can. */
export async function pullProblem(
  docker: Images,
  reference: string,
  login: Login | undefined,
  platform: string,
): Promise<Problem | undefined> {
  const host = registryOf(reference);
  try {
    const { Platforms: platforms } = await docker.getImage(reference).distribution(authOption(login));
    const built = platforms
      .filter(({ os }) => os !== "" && os !== "unknown")
      .map(({ os, architecture }) => `${os}/${architecture}`);
    return platformProblem({ reference, built, wanted: [platform], runs: "this host runs", fix: CHOOSE_ANOTHER });
  } catch (error) {
    const { statusCode, json } = error as { statusCode?: number; json?: { message?: string } | null };
    const said = (json?.message ?? reasonOf(error)).trim();
    return pullFailed({ reference, host, said, login, puller: "the host" }, failureOf(said, statusCode));
  }
}

const REFUSED = /unauthori[sz]ed|denied|forbidden|authentication required|no basic auth/i;
const UNKNOWN = /manifest unknown|not found|no such/i;

/** What went wrong, by the words of the registry that the engine passes on. */
function failureOf(said: string, status: number | undefined): PullFailure {
  if (REFUSED.test(said) || status === 401 || status === 403) return "refused";
  return UNKNOWN.test(said) || status === 404 ? "unknown" : "unreachable";
}

/** The login in the engine's words, which has an older name for Docker Hub. */
export function authOption(login: Login | undefined): { readonly authconfig?: Docker.AuthConfigObject } {
  if (login === undefined) return {};
  const { host, username, password } = login;
  return { authconfig: { username, password, serveraddress: host === HUB ? "https://index.docker.io/v1/" : host } };
}
