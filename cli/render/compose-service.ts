import type { InventoryWorkload } from "../../components/model/inventory.ts";
import { holdsSecret } from "../../components/model/secret-mark.ts";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";
import { escaped, labelMap, SECRETS_DIRECTORY, variablePath } from "./compose-text.ts";

/** What a service needs to know about the rest of the project. */
export interface ComposeContext {
  readonly workloads: readonly InventoryWorkload[];
  readonly containers: readonly RecordedContainer[];
  isSecret(upload: { path: string; content: string }): boolean;
  fileKey(container: string, path: string): string;
}

/** One recorded container in Compose's words. */
export function composeContainer(container: RecordedContainer, context: ComposeContext): object {
  const name = container.name ?? "";
  const uploads = (container.uploads ?? []).map(({ file, content = "", permissions = "0444" }) => ({
    path: file,
    content,
    mode: Number.parseInt(permissions, 8),
  }));
  const references = (secret: boolean) =>
    uploads
      .filter((upload) => context.isSecret(upload) === secret)
      .map(({ path, mode }) => ({ source: context.fileKey(name, path), target: path, mode }));
  return defined({
    container_name: name,
    image: container.image,
    entrypoint: container.entrypoints?.map(escaped),
    command: container.command?.map(escaped),
    environment: container.envs?.filter((line) => !holdsSecret(line)).map(escaped),
    // A line NAME=value a file, as it is: Compose would replace signs in it.
    env_file: container.envs
      ?.filter(holdsSecret)
      .map((line) => ({ path: `${SECRETS_DIRECTORY}/${context.fileKey(name, variablePath(line))}`, format: "raw" })),
    user: container.user,
    cap_drop: container.capabilities?.drops,
    cap_add: container.capabilities?.adds,
    security_opt: container.securityOpts,
    read_only: container.readOnly,
    tmpfs: Object.keys(container.tmpfs ?? {}),
    volumes: (container.volumes ?? []).map(({ volumeName, containerPath, readOnly }) => ({
      type: "volume",
      source: volumeName,
      target: containerPath,
      read_only: readOnly,
    })),
    networks: Object.fromEntries(
      (container.networksAdvanced ?? []).map(({ name: network, aliases }) => [network, { aliases }]),
    ),
    ports: (container.ports ?? []).map(
      ({ ip, external, internal, protocol }) =>
        `${ip ?? ""}:${external ?? 0}:${internal}${protocol === "udp" ? "/udp" : ""}`,
    ),
    mem_limit: megabytes(container.memory),
    mem_reservation: megabytes(container.memoryReservation),
    memswap_limit: megabytes(container.memorySwap),
    cpus: container.cpus === undefined ? undefined : Number(container.cpus),
    logging: { driver: container.logDriver, options: container.logOpts },
    labels: labelMap(container.labels),
    healthcheck: healthcheck(container),
    restart: container.restart,
    stop_signal: container.stopSignal,
    stop_grace_period: container.stopTimeout === undefined ? undefined : `${container.stopTimeout}s`,
    depends_on: { ...dependencies(name, context), ...writers(container, context) },
    configs: references(false),
    secrets: references(true),
  });
}

/** What the container waits for, as the model says it. */
function dependencies(container: string, { workloads }: ComposeContext): object {
  const { startsAfter = [] } = workloads.find(({ instances }) => instances.includes(container)) ?? {};
  return Object.fromEntries(
    startsAfter.flatMap(({ name, kind }) => {
      const condition = kind === "job" ? "service_completed_successfully" : "service_healthy";
      return (workloads.find((workload) => workload.name === name)?.instances ?? []).map((instance) => [
        instance,
        { condition },
      ]);
    }),
  );
}

/**
 * Jobs that write a volume which the container mounts. Nothing else may wait for
 * such a job, and Compose takes a job that nobody waits for, and that ends, for
 * a service that failed.
 */
function writers(container: RecordedContainer, { containers }: ComposeContext): object {
  const volumes = (from: RecordedContainer) => (from.volumes ?? []).map(({ volumeName }) => volumeName);
  if (container.attach === true) return {};
  const jobs = containers.filter(
    (job) => job.attach === true && volumes(job).some((volume) => volumes(container).includes(volume)),
  );
  return Object.fromEntries(jobs.map(({ name = "" }) => [name, { condition: "service_completed_successfully" }]));
}

function healthcheck({ healthcheck: check }: RecordedContainer): object | undefined {
  if (check === undefined) return undefined;
  return {
    test: check.tests?.map(escaped),
    interval: check.interval,
    timeout: check.timeout,
    retries: check.retries,
    start_period: check.startPeriod,
    start_interval: check.startInterval,
  };
}

function megabytes(amount: number | undefined): string | undefined {
  return amount === undefined ? undefined : `${amount}m`;
}

/** Without what is absent or empty. */
function defined(values: Record<string, unknown>): object {
  const isEmpty = (value: unknown) =>
    value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isEmpty(value)));
}
