import {
  AppsV1Api,
  BatchV1Api,
  CoordinationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  Log,
  Metrics,
  NetworkingV1Api,
  StorageV1Api,
  VersionApi,
  ApiextensionsV1Api,
} from "@kubernetes/client-node";
import { CliError, EXIT, reasonOf } from "../../kit/exit.ts";
import { keptOpen } from "./run-in-pod.ts";

/** The parts of a cluster's API that the commands use. */
export interface Cluster {
  /** Address of the API server. */
  readonly server: string;
  readonly apps: AppsV1Api;
  readonly batch: BatchV1Api;
  readonly coordination: CoordinationV1Api;
  readonly core: CoreV1Api;
  readonly custom: CustomObjectsApi;
  readonly exec: Exec;
  readonly extensions: ApiextensionsV1Api;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly networking: NetworkingV1Api;
  /** Objects of any kind. */
  readonly objects: KubernetesObjectApi;
  readonly storage: StorageV1Api;
  readonly version: VersionApi;
}

export interface KubeconfigSource {
  /** A whole kubeconfig; wins over the path. */
  readonly content?: string | undefined;
  /** `@default -` where kubectl looks */
  readonly path?: string | undefined;
  /** `@default -` the current one */
  readonly context?: string | undefined;
}

/** @throws CliError when the kubeconfig cannot be read or has no such context */
export function connect(source: KubeconfigSource): Cluster {
  const config = loadConfig(source);
  const contexts = config.getContexts().map(({ name }) => name);
  const context = source.context ?? config.getCurrentContext();
  if (!contexts.includes(context))
    throw new CliError(
      {
        got: `kubernetes.context: got "${context}"`,
        allowed: contexts.join(", ") || "none, the kubeconfig is empty",
        fix: "set apprun:kubernetes.context, or name another kubeconfig with apprun:kubernetes.kubeconfig or KUBECONFIG",
      },
      EXIT.usage,
    );
  config.setCurrentContext(context);
  return {
    server: config.getCurrentCluster()?.server ?? "",
    apps: config.makeApiClient(AppsV1Api),
    batch: config.makeApiClient(BatchV1Api),
    coordination: config.makeApiClient(CoordinationV1Api),
    core: config.makeApiClient(CoreV1Api),
    custom: config.makeApiClient(CustomObjectsApi),
    exec: keptOpen(new Exec(config)),
    extensions: config.makeApiClient(ApiextensionsV1Api),
    log: new Log(config),
    metrics: new Metrics(config),
    networking: config.makeApiClient(NetworkingV1Api),
    objects: KubernetesObjectApi.makeApiClient(config),
    storage: config.makeApiClient(StorageV1Api),
    version: config.makeApiClient(VersionApi),
  };
}

function loadConfig({ content, path }: KubeconfigSource): KubeConfig {
  const config = new KubeConfig();
  try {
    if (content !== undefined) config.loadFromString(content);
    else if (path !== undefined) config.loadFromFile(path);
    else config.loadFromDefault();
  } catch (error) {
    throw new CliError(
      {
        got: `kubernetes.kubeconfig: got ${path ?? "a kubeconfig"} that cannot be read (${reasonOf(error)})`,
        allowed: "a kubeconfig",
        fix: "fix it or name another",
      },
      EXIT.usage,
      { cause: error },
    );
  }
  return config;
}

/** @throws CliError when nothing answers at the cluster's address */
export async function requireCluster({ server, version }: Cluster): Promise<void> {
  try {
    await version.getCode();
  } catch (error) {
    const reason =
      error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
    throw new CliError(
      {
        happened: `nothing was deployed: missing a Kubernetes cluster at ${server} (${reason.split("\n")[0] ?? ""})`,
        fix: "start it, or name another with apprun:kubernetes.context",
      },
      EXIT.noEngine,
      { cause: error },
    );
  }
}

/** The answer, or nothing where this kubeconfig may not ask: a cluster may keep what is outside of a namespace from its users. */
export async function permitted<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if ((error as { code?: number }).code === 403) return undefined;
    throw error;
  }
}

/** The answer, or nothing where the API says that there is no such object. */
export async function found<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if ((error as { code?: number }).code === 404) return undefined;
    throw error;
  }
}
