import type { ContainerArgs } from "@pulumi/docker";
import { all, type Output, type Unwrap } from "@pulumi/pulumi";
import { identityLabels, physicalName, type Role } from "../../model/identity.ts";
import { mebibytes, seconds } from "../../model/units.ts";
import type { AnyWorkloadSpec, ContainerSpec, JobSpec } from "../../model/workload.ts";
import { memberZones } from "../zones.ts";
import { canonicalCpus } from "./canonical.ts";
import type { DockerContext } from "./context.ts";
import { uploads } from "./files.ts";
import { healthcheck } from "./healthcheck.ts";
import { labelList } from "./labels.ts";
import { logging } from "./logging.ts";
import { listensOnIpv6, publishedPorts } from "./ports.ts";

/** A container as a recording has it: every input resolved. */
export type RecordedContainer = Unwrap<ContainerArgs>;

/** What a root needs to read any file, to give it to its user and to step down to another. */
const FILE_CAPABILITIES = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SETGID", "CAP_SETUID"];

/** Arguments of one instance of a workload. `hostname` is its own name, `name` the one that all instances share. */
export function workloadContainerArgs(
  context: DockerContext,
  name: string,
  hostname: string,
  spec: AnyWorkloadSpec,
): Omit<ContainerArgs, "image"> {
  const grace = seconds(spec.stopGrace ?? "30s");
  const further = listensOnIpv6(spec) ? [context.ipv6Network] : [];
  return {
    ...commonArgs(context, name, hostname, spec, "workload", further),
    ports: publishedPorts(spec),
    restart: "unless-stopped",
    healthcheck: healthcheck(name, spec),
    wait: true,
    waitTimeout: seconds(spec.readyTimeout ?? "180s"),
    // The provider's default is 0, which kills without a stop signal.
    destroyGraceSeconds: grace,
    stopTimeout: grace,
    ...(spec.stopSignal && { stopSignal: spec.stopSignal }),
  };
}

/** Arguments of a job's container: attached until it ends, never restarted. */
export function jobContainerArgs(context: DockerContext, name: string, spec: JobSpec): Omit<ContainerArgs, "image"> {
  return {
    ...commonArgs(context, name, name, spec, "job"),
    restart: "no",
    mustRun: false,
    attach: true,
    logs: true,
  };
}

function commonArgs(
  context: DockerContext,
  name: string,
  hostname: string,
  spec: ContainerSpec,
  role: Role,
  furtherNetworks: readonly string[] = [],
): Omit<ContainerArgs, "image"> {
  const { requests, limits } = spec.resources;
  const networks = [...memberZones(spec).map((zone) => context.networks[zone]), ...furtherNetworks];
  const memory = mebibytes(limits.memory);
  const files = uploads(spec);
  return {
    name: physicalName(context.identity, hostname),
    ...(spec.entrypoint && { entrypoints: [...spec.entrypoint] }),
    ...(spec.args && { command: [...spec.args] }),
    envs: environment(spec),
    ...user(spec),
    securityOpts: ["no-new-privileges:true"],
    ...(files.length > 0 ? { uploads: files } : { readOnly: spec.readOnlyRoot ?? false }),
    ...(spec.scratch && { tmpfs: Object.fromEntries(spec.scratch.map((path) => [path, "mode=1777"])) }),
    volumes: (spec.mounts ?? []).map(({ volume, path, readOnly = false }) => ({
      volumeName: volume.id,
      containerPath: path,
      readOnly,
    })),
    networksAdvanced: networks.map((network) => ({ name: network, aliases: [...new Set([name, hostname])] })),
    memory,
    memoryReservation: mebibytes(requests.memory),
    // Docker's default is twice the memory; equal means no swap, and lets the limit be raised in place.
    memorySwap: memory,
    cpus: canonicalCpus(limits.cpu),
    ...logging(context, spec),
    labels: labelList(identityLabels(context.identity, name, role)),
  };
}

/** `KEY=value` lines, sorted: the provider compares lists, and another order would replace the container. */
function environment({ env = {}, secretEnv = {} }: ContainerSpec): Output<string[]> {
  return all([env, secretEnv]).apply(([plain, secret]) =>
    Object.entries({ ...plain, ...secret })
      .map(([key, value]) => `${key}=${value}`)
      .sort(),
  );
}

function user({ runAs }: ContainerSpec): Pick<ContainerArgs, "user" | "capabilities"> {
  if (runAs.entrypointStepsDown === true) return { capabilities: { drops: ["ALL"], adds: FILE_CAPABILITIES } };
  if (runAs.administersFiles === true)
    return { user: "0:0", capabilities: { drops: ["ALL"], adds: FILE_CAPABILITIES } };
  return { user: `${runAs.uid}:${runAs.gid}`, capabilities: { drops: ["ALL"] } };
}
