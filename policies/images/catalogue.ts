import { CATALOGUE } from "../../components/services/catalogue.ts";
import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { imagesOf } from "../read/image.ts";

const REPOSITORIES: readonly string[] = Object.values(CATALOGUE).map(({ repository }) => repository);

export const imageCatalogue: ResourcePolicy = {
  kind: "resource",
  name: "image-catalogue",
  description:
    "Only images of the catalogue run, from their own registry or a mirror that keeps their path: each was chosen, and its user and tools are known.",
  enforcement: EVERYWHERE,
  allowed: "images that a service in components/services names",
  remedy: "add it to its service with its user, platforms and probe tool, or take one that is there",
  check: (resource) =>
    imagesOf(resource)
      .filter(({ repository }) => !isKnown(repository))
      .map(({ reference }) => `image "${reference}": got one that nobody chose`),
};

/** `postgres` is Docker Hub's short form of `library/postgres`. */
function isKnown(repository: string): boolean {
  const full = repository.includes("/") ? repository : `library/${repository}`;
  return REPOSITORIES.some((known) => full === known || full.endsWith(`/${known}`));
}
