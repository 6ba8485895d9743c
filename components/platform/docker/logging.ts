import type { ContainerArgs } from "@pulumi/docker";
import { LABELS } from "../../model/identity.ts";
import type { ContainerSpec } from "../../model/workload.ts";
import type { DockerContext } from "./context.ts";

/** For every container: 10 MB three times. */
const SIZE = "10m";
const FILES = "3";

/**
 * Where a container's lines go. With a collector the engine sends each in a
 * GELF datagram and keeps a rotated copy, which `docker logs` shows: so nothing
 * gets the engine's socket or the host's files.
 */
export function logging(
  { collector }: Pick<DockerContext, "collector">,
  { logs = "collected" }: Pick<ContainerSpec, "logs">,
): Pick<ContainerArgs, "logDriver" | "logOpts"> {
  if (collector === undefined || logs === "local")
    return { logDriver: "json-file", logOpts: { "max-size": SIZE, "max-file": FILES } };
  return {
    logDriver: "gelf",
    logOpts: {
      "gelf-address": `udp://127.0.0.1:${collector.port}`,
      // On the loopback packing costs more than it saves.
      "gelf-compression-type": "none",
      labels: LABELS.service,
      "cache-max-size": SIZE,
      "cache-max-file": FILES,
      // Else a line that nobody takes is missing from the copy too.
      mode: "non-blocking",
      "max-buffer-size": "1m",
    },
  };
}
