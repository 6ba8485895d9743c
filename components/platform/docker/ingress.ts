import { stringify } from "yaml";
import type { Image } from "../../model/images.js";
import type { Resources } from "../../model/workload.js";
import type { Ingress, IngressSpec, Platform, VerbOptions } from "../platform.js";
import { proxyWorkload, ROUTES_DIRECTORY } from "./proxy.js";
import { dynamicConfiguration } from "./traefik-routes.js";

export interface ProxyArgs {
  readonly image: Image;
  readonly resources: Resources;
}

/** The port that a URL leaves out. */
const HTTP = 80;

const WRITER_RESOURCES: Resources = { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "500m", memory: "64Mi" } };

/**
 * The proxy and its routes. The routes lie in a volume that the proxy watches,
 * written by a job of their own: a change of routes replaces the job and leaves
 * the proxy and its open connections alone.
 */
export function dockerIngress(platform: Platform, name: string, spec: IngressSpec, { image, resources }: ProxyArgs, options: VerbOptions): Ingress {
  const volume = platform.volume(`${name}-routes`, { size: "1Mi", retention: "cache" }, options);
  platform.workload(name, proxyWorkload({ image, resources, spec, routes: volume }), options);
  return {
    access: () => undefined,
    url(host, audience) {
      const port = audience === "team" ? spec.teamPort : spec.port;
      return `http://${host}${port === HTTP ? "" : `:${port}`}/`;
    },
    route(routes) {
      platform.job(
        `${name}-routes`,
        {
          image,
          // The file is in the volume before the start; the command only has to end.
          args: ["version"],
          files: [{ path: `${ROUTES_DIRECTORY}/routes.yml`, content: stringify(dynamicConfiguration(routes, spec), { sortMapEntries: true }) }],
          mounts: [{ volume, path: ROUTES_DIRECTORY }],
          resources: WRITER_RESOURCES,
          runAs: { uid: image.uid, gid: image.gid },
          zone: "edge",
        },
        options,
      );
    },
  };
}
