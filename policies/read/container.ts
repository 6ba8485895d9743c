import type { PolicyContext, PolicyResource } from "../policy.ts";
import { dockerContainer } from "./docker.ts";
import { podContainers } from "./kubernetes.ts";
import type { ContainerView } from "./view.ts";

/** Every container that a resource makes, on either platform. */
export function containersOf(resource: PolicyResource): readonly ContainerView[] {
  return resource.type === "docker:index/container:Container" ? [dockerContainer(resource)] : podContainers(resource);
}

/** What is wrong with each container of a resource. */
export function eachContainer(
  check: (container: ContainerView, context: PolicyContext) => readonly string[],
): (resource: PolicyResource, context: PolicyContext) => readonly string[] {
  return (resource, context) =>
    containersOf(resource).flatMap((container) => {
      const setting = context.named?.settingOf(container.service);
      const label = setting === undefined ? container.label : `${container.label} (apprun:${setting})`;
      return check(container, context).map((got) => `${label}: ${got}`);
    });
}
