import { ComponentResource, jsonStringify, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import type { Resources, WorkloadSpec } from "../../model/workload.ts";
import { authorityFiles, authorityPath } from "../kit/authorities.ts";
import { cacheAccess, cacheAddress, CACHE_AUTHORITY, type CacheLogin, type CacheServer } from "./server.ts";
import { cacheObservability } from "./observability.ts";
import { exporterWorkload } from "../kit/exporter.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";

export interface CacheExporterArgs extends ServiceArgs<"redisExporter"> {
  readonly cache: CacheServer;
  /** Who asks for figures. */
  readonly login: CacheLogin;
}

/** Metrics of the cache, through a user of its own. */
export class CacheExporter extends ComponentResource {
  constructor(name: string, args: CacheExporterArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:CacheExporter", name, {}, opts);
    const workload = args.platform.workload(
      name,
      cacheExporterWorkload({ ...args, image: args.image("redisExporter") }),
      { parent: this },
    );
    this.registerOutputs(shownWorkload(workload));
  }
}

const PASSWORD_FILE = "/run/secrets/cache-passwords.json";
const PORT = 9121;

export interface CacheExporterWorkloadArgs extends Pick<CacheExporterArgs, "cache" | "login"> {
  readonly image: Image;
  readonly resources: Resources;
}

export function cacheExporterWorkload({
  image,
  cache,
  login: { user, password },
  resources,
}: CacheExporterWorkloadArgs): WorkloadSpec<"app"> {
  const address = cacheAddress(cache);
  const ca = cache.ca && authorityPath(CACHE_AUTHORITY);
  return exporterWorkload({
    image,
    args: [
      `--web.listen-address=:${PORT}`,
      `--redis.addr=${address}`,
      ...(user === undefined ? [] : [`--redis.user=${user}`]),
      ...(ca === undefined ? [] : [`--tls-ca-cert-file=${ca}`]),
      `--redis.password-file=${PASSWORD_FILE}`,
      // CONFIG GET would show the other users' password.
      "--config-command=-",
    ],
    files: authorityFiles(CACHE_AUTHORITY, cache),
    // By address: versions before 1.50 look it up without the user.
    secretFiles: [
      {
        path: PASSWORD_FILE,
        content: jsonStringify({
          ...(user !== undefined && { [address.replace("://", `://${user}@`)]: password }),
          [address]: password,
        }),
      },
    ],
    resources,
    port: PORT,
    // The image holds its program and nothing else, so that is what can be run: it shows that the
    // process is there. Whether it answers shows in Prometheus one scrape later.
    probe: { kind: "exec", command: ["/proc/1/exe", "-version"], interval: "10s" },
    observability: cacheObservability(),
    ...cacheAccess(cache),
    dependsOn: [cache.ready],
  });
}
