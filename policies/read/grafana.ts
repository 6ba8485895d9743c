import type { ContainerView } from "./view.ts";

/** By its name, or by its image where the name says something else. */
export function isGrafana({ service, image }: Pick<ContainerView, "service" | "image">): boolean {
  return service === "grafana" || /(^|\/)grafana\/grafana(-oss|-enterprise)?[:@]/.test(`${image ?? ""}:`);
}
