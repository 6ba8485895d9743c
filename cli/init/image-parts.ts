import { HUB, isRegistryHost } from "../../components/model/images.ts";

/** An image in the parts of `app.image`. */
export interface ImageParts {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}

/** The parts of a reference such as `ghcr.io/example/shop:1.4.2`, or nothing for one without a tag, or with a digest. */
export function imageParts(reference: string): ImageParts | undefined {
  const match = /^(?:([a-z0-9.-]+(?::\d+)?)\/)?([a-z0-9._/-]+):([\w.-]+)$/.exec(reference);
  if (match === null) return undefined;
  const [, first, rest = "", tag = ""] = match;
  const isHost = first !== undefined && isRegistryHost(first);
  const repository = isHost || first === undefined ? rest : `${first}/${rest}`;
  if (isHost) return { registry: first, repository, tag };
  return { registry: HUB, repository: repository.includes("/") ? repository : `library/${repository}`, tag };
}
