import { interpolate } from "@pulumi/pulumi";
import { stringify } from "yaml";
import { PROXY_VOLUMES } from "../../model/fixed-resources.ts";
import { checkRoutes } from "../../model/page-check.ts";
import type { Volume } from "../../model/volume.ts";
import type { Ready, Resources } from "../../model/workload.ts";
import { ingressUrl, separateTeamPort, type Ingress, type IngressSpec } from "../ingress.ts";
import type { Platform, VerbOptions } from "../platform.ts";
import { operatorsJob } from "./operators.ts";
import { BODIES_DIRECTORY, proxyWorkload, ROUTES_DIRECTORY, TLS_DIRECTORY, type ProxyArgs } from "./proxy.ts";
import { certificateComment, tlsFilesJob } from "./tls-files.ts";
import { dynamicConfiguration } from "./traefik-routes.ts";

const WRITER_RESOURCES: Resources = {
  requests: { cpu: "10m", memory: "32Mi" },
  limits: { cpu: "500m", memory: "64Mi" },
};

/**
 * The proxy, its certificates and its routes. The last two lie in volumes,
 * written by jobs of their own: a change of either replaces a job and leaves the
 * proxy and its open connections alone.
 */
export function dockerIngress(
  platform: Platform,
  name: string,
  spec: IngressSpec,
  { image, resources }: ProxyArgs,
  options: VerbOptions,
): Ingress {
  const writer = { image, resources: WRITER_RESOURCES };
  const routes = platform.volume(`${name}-routes`, { size: PROXY_VOLUMES.routes, retention: "cache" }, options);
  const bodies = platform.volume(`${name}-bodies`, { size: PROXY_VOLUMES.bodies, retention: "cache" }, options);
  const tls = tlsFiles(platform, name, spec, writer, options);
  const proxy = platform.workload(
    name,
    proxyWorkload({
      image,
      resources,
      spec,
      mounts: [
        { volume: routes, path: ROUTES_DIRECTORY, readOnly: true },
        { volume: bodies, path: BODIES_DIRECTORY },
        ...(tls === undefined
          ? []
          : [{ volume: tls.volume, path: TLS_DIRECTORY, readOnly: spec.tls?.source.kind !== "acme" }]),
      ],
      // Only what the proxy orders by itself needs a directory that is its own before it starts.
      dependsOn: tls !== undefined && spec.tls?.source.kind === "acme" ? [tls.written] : [],
    }),
    options,
  );
  return {
    access: () => undefined,
    url: (host, audience) => ingressUrl(spec, host, audience),
    serves: () => true,
    entry(audience) {
      const endpoint = proxy.endpoint(audience !== "public" && separateTeamPort(spec) ? "team" : "web");
      return { address: endpoint.address, endpoint };
    },
    route(list) {
      checkRoutes(list);
      const written = [
        // The proxy reads its certificates, and who may see operators' pages, when it reads its routes.
        ...(tls === undefined ? [] : [tls.written]),
        ...(spec.operators === undefined
          ? []
          : [platform.job(`${name}-operators`, operatorsJob(writer, spec.operators, routes), options).succeeded]),
      ];
      const content = stringify(dynamicConfiguration(list, spec), {
        sortMapEntries: true,
        aliasDuplicateObjects: false,
      });
      platform.job(
        `${name}-routes`,
        {
          ...writer,
          // The file is in the volume before the start; the command only has to end.
          args: ["version"],
          files: [
            {
              path: `${ROUTES_DIRECTORY}/routes.yml`,
              content: tls === undefined ? content : interpolate`${certificateComment(spec)}${content}`,
            },
          ],
          mounts: [{ volume: routes, path: ROUTES_DIRECTORY }],
          runAs: { uid: image.uid, gid: image.gid },
          zone: "edge",
          dependsOn: written,
        },
        options,
      );
    },
  };
}

/** The volume of the certificates and the job that fills it, where the proxy speaks TLS. */
function tlsFiles(
  platform: Platform,
  name: string,
  spec: IngressSpec,
  writer: ProxyArgs,
  options: VerbOptions,
): { volume: Volume; written: Ready } | undefined {
  if (spec.tls === undefined) return undefined;
  const volume = platform.volume(`${name}-tls`, { size: PROXY_VOLUMES.tls, retention: "cache" }, options);
  return { volume, written: platform.job(`${name}-tls`, tlsFilesJob(writer, spec, volume), options).succeeded };
}
