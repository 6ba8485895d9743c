import { fromDockerfile, type ImageSources } from "../../model/image-sources.ts";

/** The file that says which tags and processors an official image of Docker Hub has. */
export const officialImage = (name: string) =>
  `https://github.com/docker-library/official-images/blob/37079fb336f572a88700cf32e5e1f6be54a04e8f/library/${name}` as const;

/** What the Prometheus project builds all its images from: busybox, whose wget probes use. */
const PROMETHEUS_BASE =
  "https://github.com/prometheus/busybox/blob/869afd42c4d8f5d4e7e4787b3bd9a6c39cb403d6/uclibc/Dockerfile";

/** Sources of an image of the Prometheus project. `processors` is the file with its DOCKER_ARCHS. */
export function prometheusImage(
  lookedUp: string,
  repository: `https://github.com/${string}`,
  processors: "Makefile" | "Makefile.common",
): ImageSources {
  return fromDockerfile(lookedUp, `${repository}/Dockerfile`, {
    tools: PROMETHEUS_BASE,
    platforms: `${repository}/${processors}`,
  });
}
