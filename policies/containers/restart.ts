import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { dockerContainer } from "../read/docker.ts";
import { text } from "../read/values.ts";

export const restartPolicy: ResourcePolicy = {
  kind: "resource",
  name: "restart-policy",
  description: "A service on a Docker host comes back after a crash and a reboot; a job does not run twice.",
  enforcement: EVERYWHERE,
  allowed: "unless-stopped or always for a service, no for a job",
  remedy: "set restart",
  check: (resource) => {
    if (resource.type !== "docker:index/container:Container") return [];
    const { label, job } = dockerContainer(resource);
    const restart = text(resource.props["restart"]) ?? "no";
    const good = job ? ["no"] : ["unless-stopped", "always"];
    return good.includes(restart) ? [] : [`${label}: got restart "${restart}" for a ${job ? "job" : "service"}`];
  },
};
