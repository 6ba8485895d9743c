import { ModelError } from "../../model/errors.ts";
import type { ProbeTool } from "../../model/images.ts";
import { PROBE_DEFAULTS, type HttpProbe, type Probe } from "../../model/probe.ts";
import type { AnyWorkloadSpec } from "../../model/workload.ts";
import type { types } from "@pulumi/docker";
import { canonicalDuration } from "./canonical.ts";

/**
 * Time between two checks of a healthy container. Each check is a process that the engine starts inside it: every few
 * seconds in every container, they were most of what an idle stack did.
 */
const HEALTHY_INTERVAL = "30s";

/** Failed checks in a row that make a healthy container unhealthy: two, because they are that far apart. */
const RETRIES = 2;

/** The health check of a container; Docker runs commands only, so an HTTP probe becomes one. */
export function healthcheck(name: string, spec: AnyWorkloadSpec): types.input.ContainerHealthcheck {
  const { interval, timeout, startPeriod } = { ...PROBE_DEFAULTS, ...spec.probe };
  return {
    tests: ["CMD", ...probeCommand(name, spec, spec.probe)],
    interval: canonicalDuration(HEALTHY_INTERVAL),
    timeout: canonicalDuration(timeout),
    retries: RETRIES,
    startPeriod: canonicalDuration(startPeriod),
    startInterval: canonicalDuration(interval),
  };
}

function probeCommand(name: string, spec: AnyWorkloadSpec, probe: Probe): readonly string[] {
  return probe.kind === "exec" ? probe.command : httpCommand(name, spec, probe);
}

const HTTP_COMMANDS: Record<ProbeTool, readonly string[]> = {
  curl: ["curl", "--fail", "--silent", "--show-error", "--output", "/dev/null"],
  wget: ["wget", "-q", "-O", "/dev/null"],
};

function httpCommand(name: string, { ports, image }: AnyWorkloadSpec, probe: HttpProbe): readonly string[] {
  const port = ports[probe.port];
  if (port === undefined)
    throw new ModelError({
      got: `workload "${name}": the probe asks port "${probe.port}"`,
      allowed: Object.keys(ports).join(", "),
      fix: "name one of its ports",
    });
  if (image.probeTool === undefined)
    throw new ModelError({
      got: `workload "${name}": an HTTP probe needs a tool, and image "${image.name}" has none`,
      allowed: `images with ${Object.keys(HTTP_COMMANDS).join(" or ")}`,
      fix: "give the workload an exec probe with a command of its own image, or name the tool in the image catalogue",
    });
  return [...HTTP_COMMANDS[image.probeTool], `http://127.0.0.1:${port.port}${probe.path}`];
}
