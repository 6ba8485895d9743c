import type Docker from "dockerode";
import { holdsSecret } from "../../components/model/secret-mark.ts";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";
import { findings, type DoctorFinding } from "./finding.ts";

/** A container that the model asks for, and the one that is there. */
export interface Pair {
  readonly wanted: RecordedContainer;
  readonly actual: Docker.ContainerInspectInfo;
  /** Id of the image that the model names, as this host has it. `@default -` the host does not have it */
  readonly imageId: string | undefined;
  /** A name of the image that runs; its id where nothing names it. */
  readonly runs: string;
}

const { error } = findings("containers");
const MEBIBYTE = 1024 * 1024;

/** Where a container differs from the model. Values of the environment are not shown: they may be secret. */
export function containerFindings({ wanted, actual, imageId, runs }: Pair): readonly DoctorFinding[] {
  const name = wanted.name ?? "";
  const differs = (what: string, got: string, expected: string) =>
    error(
      `container ${name}: its ${what} is ${got}; the model says ${expected}`,
      "npm run up, which replaces it; a change by hand does not last",
    );
  const { HostConfig, Config, NetworkSettings, State } = actual;
  const found: DoctorFinding[] = [];
  const compare = (what: string, got: string, expected: string) => {
    if (got !== expected) found.push(differs(what, got, expected));
  };
  if (State.Paused) found.push(error(`container ${name} is paused`, `docker unpause ${name}`));
  if (imageId !== undefined && actual.Image !== imageId) found.push(differs("image", runs, wanted.image));
  compare("memory limit", `${Math.floor((HostConfig.Memory ?? 0) / MEBIBYTE)}Mi`, `${wanted.memory ?? 0}Mi`);
  compare("CPU limit", String((HostConfig.NanoCpus ?? 0) / 1e9), String(Number(wanted.cpus ?? 0)));
  compare("restart policy", HostConfig.RestartPolicy?.Name || "no", wanted.restart ?? "no");
  compare("list of networks", Object.keys(NetworkSettings.Networks).sort().join(", ") || "empty", networks(wanted));
  compare("list of ports on the host", boundPorts(HostConfig), wantedPorts(wanted));
  compare("privileged flag", String(HostConfig.Privileged ?? false), String(wanted.privileged ?? false));
  const lines = new Set(Config.Env);
  const names = new Set(Config.Env.map(nameOf));
  // The value of a secret is not known here, only that there must be one.
  const isThere = (line: string) => (holdsSecret(line) ? names.has(nameOf(line)) : lines.has(line));
  const missing = (wanted.envs ?? []).filter((line) => !isThere(line)).map(nameOf);
  if (missing.length > 0) found.push(differs("environment", `another for ${missing.join(", ")}`, "otherwise"));
  return found;
}

function nameOf(line: string): string {
  return line.split("=")[0] ?? "";
}

function networks({ networksAdvanced = [] }: RecordedContainer): string {
  return networksAdvanced
    .map(({ name }) => name)
    .sort()
    .join(", ");
}

function wantedPorts({ ports = [] }: RecordedContainer): string {
  return shown(
    ports.map(
      ({ ip, external, internal, protocol }) =>
        `${ip ?? "0.0.0.0"}:${external ?? 0}->${internal}${protocol === "udp" ? "/udp" : ""}`,
    ),
  );
}

function boundPorts({ PortBindings }: Docker.HostConfig): string {
  const bindings = Object.entries(
    (PortBindings ?? {}) as Record<string, { HostIp: string; HostPort: string }[] | null>,
  );
  return shown(
    bindings.flatMap(([target, all]) =>
      (all ?? []).map(({ HostIp, HostPort }) => `${HostIp || "0.0.0.0"}:${HostPort}->${target.replace(/\/tcp$/, "")}`),
    ),
  );
}

function shown(ports: readonly string[]): string {
  return [...ports].sort().join(", ") || "empty";
}
