import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import type { StackIdentity } from "../../components/model/identity.ts";
import { HUB, registryParts } from "../../components/model/images.ts";
import { parseImage } from "../../policies/read/image.ts";

/**
 * What a stack runs, as a CycloneDX document: one container a reference, such as
 * `postgres:17-alpine`. The same references give the same text.
 */
export function imagesBom({ project, stack }: StackIdentity, references: readonly string[]): string {
  const bom = new Models.Bom({
    metadata: new Models.Metadata({
      component: new Models.Component(Enums.ComponentType.Application, project, {
        bomRef: `${project}/${stack}`,
        version: stack,
      }),
    }),
  });
  for (const reference of [...new Set(references)].sort()) bom.components.add(container(reference));
  return `${new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6)).serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function container(reference: string): Models.Component {
  const { repository, tag, digest } = parseImage(reference);
  const hashes =
    digest === undefined ? [] : [[Enums.HashAlgorithm["SHA-256"], digest.replace(/^sha256:/, "")] as const];
  return new Models.Component(Enums.ComponentType.Container, repository, {
    bomRef: reference,
    version: digest ?? tag,
    hashes: new Models.HashDictionary(hashes),
    purl: packageUrl(repository, digest ?? tag ?? "latest"),
  });
}

/** By the type `docker` of the package URL's specification, whose own registry is Docker Hub. */
function packageUrl(name: string, version: string): string {
  const { registry, repository } = registryParts(name);
  return `pkg:docker/${repository}@${encodeURIComponent(version)}${registry === HUB ? "" : `?repository_url=${encodeURIComponent(registry)}`}`;
}
