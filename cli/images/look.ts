import type { ImageSources } from "../../components/model/image-sources.ts";
import type { CatalogueImage } from "../../components/model/images.ts";
import { CliError } from "../kit/exit.ts";
import { newerThan } from "./newer.ts";
import type { RegistryClient } from "./registry-client.ts";

/** What a registry says of one image of the catalogue. */
export interface Looked {
  readonly image: string;
  readonly reference: string;
  readonly digest?: string;
  readonly platforms?: readonly string[];
  /** What has to be fixed in the catalogue. */
  readonly problems: readonly string[];
  /** Where the catalogue has from what it says of the image. */
  readonly sources: ImageSources;
  /** The newest version of the next lines. A registry does not say whether a line is still supported. */
  readonly newerLine?: string;
}

/** Compares one image with its registry. A registry that cannot be asked is a problem of the image: the others are looked at. */
export async function look(
  client: Pick<RegistryClient, "image" | "tags">,
  image: string,
  { registry, repository, tag, digest: wanted, platforms: promised, sources }: CatalogueImage,
): Promise<Looked> {
  const reference = `${registry}/${repository}:${tag}`;
  try {
    const found = await client.image(registry, repository, tag);
    if (found === undefined) return { image, reference, problems: [`the registry has no tag ${tag}`], sources };
    const { patch, line } = newerThan(tag, await client.tags(registry, repository));
    const absent = promised.filter((platform) => !found.platforms.includes(platform));
    return {
      image,
      reference,
      ...found,
      problems: [
        ...(absent.length === 0 ? [] : [`it is not built for ${absent.join(", ")}`]),
        ...(wanted === undefined || wanted === found.digest ? [] : [`the tag has moved from ${wanted}`]),
        ...(patch === undefined ? [] : [`${patch} is newer in the same line`]),
      ],
      sources,
      ...(line !== undefined && { newerLine: line }),
    };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { image, reference, problems: [error.message], sources };
  }
}
