import { LABELS } from "../../components/model/identity.ts";
import { NOT_ELSEWHERE, type PolicyResource, type StackPolicy } from "../policy.ts";
import { list, record, text, texts } from "../read/values.ts";

const VOLUME = "docker:index/volume:Volume";

export const volumesProtected: StackPolicy = {
  kind: "stack",
  name: "volumes-protected",
  description:
    "In production the engine refuses to delete a Docker volume that a service writes, unless its label says that it can be made again.",
  enforcement: NOT_ELSEWHERE,
  allowed: "protected volumes",
  remedy: "leave volumes.protect on",
  check: (resources) => {
    const written = writtenVolumes(resources);
    return resources
      .filter(
        ({ type, protect, props }) =>
          type === VOLUME && !protect && !isCache(props) && written.has(text(props["name"]) ?? ""),
      )
      .map(({ name }) => `volume "${name}": got one that is not protected`);
  },
};

function isCache(props: PolicyResource["props"]): boolean {
  return list(props["labels"])
    .map(record)
    .some(({ label, value }) => label === LABELS.retention && value === "cache");
}

function writtenVolumes(resources: readonly PolicyResource[]): ReadonlySet<string> {
  return new Set(
    resources
      .filter(({ type, props }) => type === "docker:index/container:Container" && props["attach"] !== true)
      .flatMap(({ props }) => list(props["volumes"]).map(record))
      .filter(({ readOnly }) => readOnly !== true)
      .flatMap(({ volumeName }) => texts([volumeName])),
  );
}
