import { ComponentResource, jsonStringify, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Image } from "../model/images.js";
import type { Endpoint, Ready, Resources, WorkloadSpec } from "../model/workload.js";
import { MONITORING_USER } from "./cache.js";
import { cacheObservability } from "./cache-observability.js";
import { exporterWorkload } from "./exporter.js";
import type { ServiceArgs } from "./service-args.js";

export interface CacheExporterArgs extends ServiceArgs {
  readonly cache: Endpoint;
  /** Password of `MONITORING_USER`. */
  readonly password: Output<string>;
  readonly dependsOn: readonly Ready[];
}

/** Metrics of the cache, through a user of its own. */
export class CacheExporter extends ComponentResource {
  constructor(name: string, args: CacheExporterArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:CacheExporter", name, {}, opts);
    args.platform.workload(name, cacheExporterWorkload({ ...args, image: args.image("redisExporter") }), { parent: this });
    this.registerOutputs({});
  }
}

const PASSWORD_FILE = "/run/secrets/cache-passwords.json";
const PORT = 9121;

export interface CacheExporterWorkloadArgs extends Pick<CacheExporterArgs, "cache" | "password" | "dependsOn"> {
  readonly image: Image;
  readonly resources: Resources;
}

export function cacheExporterWorkload({ image, cache, password, dependsOn, resources }: CacheExporterWorkloadArgs): WorkloadSpec<"app"> {
  return exporterWorkload({
    image,
    args: [
      `--web.listen-address=:${PORT}`,
      `--redis.addr=redis://${cache.address}`,
      `--redis.user=${MONITORING_USER}`,
      `--redis.password-file=${PASSWORD_FILE}`,
      // CONFIG GET would show the other users' password.
      "--config-command=-",
    ],
    // By address: versions before 1.50 look it up without the user.
    secretFiles: [
      {
        path: PASSWORD_FILE,
        content: jsonStringify({ [`redis://${MONITORING_USER}@${cache.address}`]: password, [`redis://${cache.address}`]: password }),
      },
    ],
    resources,
    port: PORT,
    // The image holds its program and nothing else, so that is what can be run: it shows that the
    // process is there. Whether it answers shows in Prometheus one scrape later.
    probe: { kind: "exec", command: ["/proc/1/exe", "-version"], interval: "10s" },
    observability: cacheObservability(),
    connectsTo: [cache],
    dependsOn,
  });
}
