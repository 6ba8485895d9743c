import type { ContainerView } from "./container.js";

/** By its name, or by its image where the name says something else. */
export function isGrafana({ service, image }: ContainerView): boolean {
  return service === "grafana" || /(^|\/)grafana\/grafana(-oss|-enterprise)?[:@]/.test(`${image ?? ""}:`);
}
