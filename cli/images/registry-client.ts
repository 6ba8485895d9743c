import { createHash } from "node:crypto";
import { HUB } from "../../components/model/images.ts";
import { authorizationFor, type LoginFor } from "./authorization.ts";
import { fetched } from "./fetched.ts";
import { badAnswer } from "./registry-refusal.ts";

/** Lists of platforms first: a registry may answer with the manifest of one platform otherwise. */
const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** Where Docker Hub's registry answers. */
const HUB_HOST = "registry-1.docker.io";
/** Pages of tags that are read: Hub gives 1000 a page. */
const MOST_PAGES = 50;

/** An image as its registry has it. */
export interface RegistryImage {
  readonly digest: string;
  /** Such as `linux/arm64`. */
  readonly platforms: readonly string[];
}

interface ManifestBody {
  readonly manifests?: readonly { readonly platform?: { readonly os?: string; readonly architecture?: string } }[];
  readonly config?: { readonly digest: string };
}

/** Asks registries by the API that all of them have (distribution-spec v2), without an engine. */
export class RegistryClient {
  /** Headers by host and repository: a token is for one repository. */
  readonly #authorizations = new Map<string, string>();
  readonly #login: LoginFor;

  readonly #timeout: number | undefined;

  /**
   * @param login whom to log in as; nobody when absent
   * @param timeout milliseconds in which the registry must answer
   */
  constructor(login: LoginFor = () => Promise.resolve(undefined), timeout?: number) {
    this.#login = login;
    this.#timeout = timeout;
  }

  /** The image of a tag or digest; nothing where the registry has none. */
  async image(host: string, repository: string, reference: string): Promise<RegistryImage | undefined> {
    const response = await this.#get(host, repository, `manifests/${reference}`, MANIFESTS);
    if (response.status === 404) return undefined;
    const text = await response.text();
    const body = JSON.parse(text) as ManifestBody;
    const digest =
      response.headers.get("docker-content-digest") ?? `sha256:${createHash("sha256").update(text).digest("hex")}`;
    return { digest, platforms: await this.#platforms(host, repository, body) };
  }

  /** Every tag of a repository. */
  async tags(host: string, repository: string): Promise<readonly string[]> {
    const found: string[] = [];
    let path: string | undefined = "tags/list?n=1000";
    for (let page = 0; path !== undefined && page < MOST_PAGES; page++) {
      const response: Response = await this.#get(host, repository, path, "application/json");
      if (response.status === 404) return found;
      found.push(...(((await response.json()) as { tags?: readonly string[] | null }).tags ?? []));
      path = /[?&](last=[^>&]+)/.exec(response.headers.get("link") ?? "")?.[1];
      if (path !== undefined) path = `tags/list?n=1000&${path}`;
    }
    return found;
  }

  async #platforms(host: string, repository: string, { manifests, config }: ManifestBody): Promise<readonly string[]> {
    const listed = manifests?.map(({ platform }) => platform) ?? [];
    if (manifests === undefined && config !== undefined) {
      const response = await this.#get(host, repository, `blobs/${config.digest}`, "*/*");
      listed.push((await response.json()) as { os?: string; architecture?: string });
    }
    // What attests an image is listed beside it, for a platform that is unknown.
    return listed.flatMap((platform) =>
      platform?.os === undefined || platform.os === "unknown" ? [] : [`${platform.os}/${platform.architecture ?? ""}`],
    );
  }

  async #get(host: string, repository: string, path: string, accept: string): Promise<Response> {
    const base = baseOf(host);
    const url = `${base}/v2/${repository}/${path}`;
    const key = `${host}/${repository}`;
    const ask = () => {
      const authorization = this.#authorizations.get(key);
      const headers = { Accept: accept, ...(authorization !== undefined && { Authorization: authorization }) };
      return fetched(url, headers, this.#timeout);
    };
    let response = await ask();
    if (response.status === 401) {
      const header = response.headers.get("www-authenticate");
      const authorization = await authorizationFor(header, { base, host, repository }, this.#login);
      if (authorization !== undefined) {
        this.#authorizations.set(key, authorization);
        response = await ask();
      }
    }
    if (response.ok || response.status === 404) return response;
    throw badAnswer(response.status, {
      happened: `the registry ${host} answers ${response.status} for ${repository}`,
      fix:
        response.status === 429
          ? "it limits how often it is asked: try again later"
          : `look at its login, apprun:registries.${host} of the stack`,
    });
  }
}

/** Registries on this machine speak HTTP, as Docker takes them. */
function baseOf(host: string): string {
  if (host === HUB) return `https://${HUB_HOST}`;
  return /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host) ? `http://${host}` : `https://${host}`;
}
