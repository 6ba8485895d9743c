import { fromDockerfile } from "../../model/image-sources.ts";
import { officialImage } from "../kit/image-sources.ts";
import { PROXY_VOLUMES } from "../../model/fixed-resources.ts";
import { BOTH_PLATFORMS, HUB } from "../../model/images.ts";
import type { Size } from "../../model/size.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import { proxy as settings } from "../../settings/sections/proxy.ts";
import type { tls } from "../../settings/sections/tls.ts";
import type { Service } from "../service.ts";

type Sized = Slice<{ proxy: typeof settings; tls: typeof tls }> & { readonly platform: string };

export const proxy = {
  name: "proxy",
  title: "Proxy",
  purpose:
    "The way in on a Docker host. Traefik ends TLS, limits requests and balances replicas. A cluster brings its own ingress controller.",
  guides: ["edge.md"],
  settings: { proxy: settings },
  images: {
    traefik: {
      registry: HUB,
      repository: "library/traefik",
      tag: "v3.7.17",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile(
        "2026-11-28",
        "https://github.com/traefik/traefik-library-image/blob/v3.7.11/v3.7/alpine/Dockerfile",
        { platforms: officialImage("traefik") },
      ),
      probeTool: "wget",
      uid: 65532,
      gid: 65532,
    },
  },
  light: { proxy: { resources: { requests: { memory: "24Mi" }, limits: { memory: "48Mi" } } } },
  rotated: {
    "proxy-operators": { reaches: "the proxy reads the hash of the new one with its routes", restarts: "nothing" },
  },
  sizes: ({ platform, proxy: { resources }, tls }: Sized): readonly Size[] => {
    const { routes, bodies, tls: certificates } = PROXY_VOLUMES;
    const volumes = {
      "proxy-routes": routes,
      "proxy-bodies": bodies,
      ...(tls.mode !== "off" && tls.mode !== "external" && { "proxy-tls": certificates }),
    };
    return platform === "docker" ? [{ workload: "proxy", resources, volumes }] : [];
  },
} as const satisfies Service;
