import type { types } from "@pulumi/kubernetes";
import { ModelError } from "../../model/errors.ts";
import { PROBE_DEFAULTS } from "../../model/probe.ts";
import { seconds, type Duration } from "../../model/units.ts";
import type { AnyWorkloadSpec } from "../../model/workload.ts";

type Probe = types.input.core.v1.Probe;

/**
 * Time in which a container that holds data must answer after its start. A
 * database replays its log after a crash and refuses connections meanwhile: one
 * that is killed for it begins again from the start.
 */
const RECOVERY: Duration = "1h";

/** Failed checks in a row after which a container gets no more requests. */
const NOT_READY = 5;

/** Failed checks in a row after which a container is taken for hung. */
const HUNG = 6;

/** The three checks of a container, from the one probe that the model has. */
export function probes(
  name: string,
  spec: AnyWorkloadSpec,
): { startupProbe: Probe; readinessProbe: Probe; livenessProbe: Probe } {
  const { interval, timeout } = { ...PROBE_DEFAULTS, ...spec.probe };
  const timing = { periodSeconds: seconds(interval), timeoutSeconds: seconds(timeout) };
  const started = { ...check(name, spec), ...timing };
  const startup = seconds(spec.tier === "data" ? RECOVERY : readyTimeout(spec));
  return {
    startupProbe: { ...started, failureThreshold: Math.ceil(startup / timing.periodSeconds) },
    readinessProbe: { ...check(name, spec, "ready"), ...timing, failureThreshold: NOT_READY },
    // Only whether it still accepts: a readiness check may fail with what the container depends on, and a restart fixes nothing then.
    livenessProbe: {
      ...alive(name, spec),
      periodSeconds: 10,
      timeoutSeconds: timing.timeoutSeconds,
      failureThreshold: HUNG,
    },
  };
}

/** Time in which a workload must get ready. */
export function readyTimeout({ readyTimeout: given = "180s" }: AnyWorkloadSpec): Duration {
  return given;
}

function check(name: string, { probe, ports }: AnyWorkloadSpec, what: "started" | "ready" = "started"): Probe {
  if (probe.kind === "exec") return { exec: { command: [...probe.command] } };
  if (ports[probe.port] === undefined)
    throw new ModelError({
      got: `workload "${name}": the probe asks port "${probe.port}"`,
      allowed: Object.keys(ports).join(", "),
      fix: "name one of its ports",
    });
  const path = what === "ready" ? (probe.readyPath ?? probe.path) : probe.path;
  return { httpGet: { port: probe.port, path } };
}

/** What listens nowhere can only be asked by its own command. */
function alive(name: string, spec: AnyWorkloadSpec): Probe {
  const port = spec.probe.kind === "http" ? spec.probe.port : Object.keys(spec.ports)[0];
  return port === undefined ? check(name, spec) : { tcpSocket: { port } };
}
