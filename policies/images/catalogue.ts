import type { CatalogueImage } from "../../components/model/images.ts";
import { CATALOGUE } from "../../components/services/catalogue.ts";
import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { imagesOf } from "../read/image.ts";

/** The policy over a catalogue of images. */
export const imageCatalogueOf = (catalogue: Readonly<Record<string, CatalogueImage>>): ResourcePolicy => ({
  kind: "resource",
  name: "image-catalogue",
  description:
    "Only images of the catalogue and those that the settings name run: each was chosen, and its user and tools are known. Those of the catalogue come from their own registry, or from a mirror that keeps their path.",
  enforcement: EVERYWHERE,
  allowed: "images that a service in components/services names, and those of app.image and services",
  remedy: "add it to its service with its user, platforms and probe tool, or take one that is there",
  check: (resource, { named }) =>
    imagesOf(resource)
      .filter(
        ({ repository }) =>
          named?.images.includes(repository) !== true && !isKnown(repository, Object.values(catalogue)),
      )
      .map(({ reference }) => `image "${reference}": got one that nobody chose`),
});

export const imageCatalogue = imageCatalogueOf(CATALOGUE);

/** `postgres` is Docker Hub's short form of `library/postgres`. */
function isKnown(repository: string, images: readonly CatalogueImage[]): boolean {
  const full = repository.includes("/") ? repository : `library/${repository}`;
  return images.some(({ repository: known }) => full === known || full.endsWith(`/${known}`));
}
