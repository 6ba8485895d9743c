import type Docker from "dockerode";
import { HUB, isRegistryHost } from "../../../components/model/images.ts";
import type { Problem } from "../../../components/model/problem.ts";
import type { PlainLogin as Login } from "../../engine/registry-logins.ts";
import { reasonOf } from "../../kit/exit.ts";
import { inspectedImage } from "./inspected-image.ts";

/** What a Docker Engine runs programs of. */
export interface EnginePlatform {
  readonly os: string;
  readonly architecture: string;
}

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
  platform: EnginePlatform,
): Promise<Problem | undefined> {
  const host = hostOf(reference);
  try {
    const { Platforms: platforms } = await docker.getImage(reference).distribution(authOption(login));
    const known = platforms.filter(({ os }) => os !== "" && os !== "unknown");
    if (
      known.length === 0 ||
      known.some((each) => each.os === platform.os && each.architecture === platform.architecture)
    )
      return undefined;
    return {
      got: `${reference}: it is built for ${known.map(({ os, architecture }) => `${os}/${architecture}`).join(", ")}`,
      allowed: `an image for ${platform.os}/${platform.architecture}, which this host runs`,
      fix: "choose another tag, or a host that runs what it is built for",
    };
  } catch (error) {
    const { statusCode, json } = error as { statusCode?: number; json?: { message?: string } | null };
    const said = (json?.message ?? reasonOf(error)).trim();
    return {
      got: `${reference}: ${said}`,
      allowed: "an image that the host has or can pull",
      fix: remedy(said, statusCode, host, login),
    };
  }
}

const REFUSED = /unauthori[sz]ed|denied|forbidden|authentication required|no basic auth/i;
const UNKNOWN = /manifest unknown|not found|no such/i;

function remedy(said: string, status: number | undefined, host: string, login: Login | undefined): string {
  if (REFUSED.test(said) || status === 401 || status === 403)
    return login === undefined
      ? `${host} has no such image for those who do not log in: check the name, or set apprun:registries.${host} with a login`
      : `${host} refuses ${login.username}, the login of apprun:registries.${host}, or has no such image`;
  if (UNKNOWN.test(said) || status === 404)
    return `${host} has no such tag or digest: check it, or bring the image: node cli/bin.mjs image push`;
  return `the host does not reach ${host}: check its network, set a mirror with apprun:registries.${host}.mirror, or bring the image: node cli/bin.mjs image push`;
}

/** The registry that a reference is pulled from: its first part, where that has the form of a host. */
export function hostOf(reference: string): string {
  const [first = "", ...path] = reference.split("/");
  return path.length > 0 && isRegistryHost(first) ? first : HUB;
}

/** The login in the engine's words, which has an older name for Docker Hub. */
export function authOption(login: Login | undefined): { readonly authconfig?: Docker.AuthConfigObject } {
  if (login === undefined) return {};
  const { host, username, password } = login;
  return { authconfig: { username, password, serveraddress: host === HUB ? "https://index.docker.io/v1/" : host } };
}
