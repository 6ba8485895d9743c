import { fromDockerfile } from "../../model/image-sources.ts";
import { TUNNEL_REPLICAS, TUNNEL_RESOURCES } from "../../model/fixed-resources.ts";
import { BOTH_PLATFORMS, HUB } from "../../model/images.ts";
import type { Size } from "../../model/size.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import type { cloudflare } from "../../settings/sections/cloudflare.ts";
import type { Service } from "../service.ts";

type Sized = Slice<{ cloudflare: typeof cloudflare }> & { readonly platform: keyof typeof TUNNEL_REPLICAS };

export const tunnel = {
  name: "tunnel",
  title: "Tunnel",
  purpose: "Connects a stack to Cloudflare with cloudflared, so that it opens no port to the world.",
  guides: ["cloudflare.md"],
  settings: {},
  images: {
    cloudflared: {
      registry: HUB,
      repository: "cloudflare/cloudflared",
      tag: "2026.10.0",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile("2026-11-28", "https://github.com/cloudflare/cloudflared/blob/2026.8.2/Dockerfile", {
        platforms: "https://github.com/cloudflare/cloudflared/blob/2026.8.2/.docker-images",
      }),
      uid: 65532,
      gid: 65532,
    },
  },
  sizes: ({ platform, cloudflare: { enabled, origin } }: Sized): readonly Size[] =>
    enabled && origin === "tunnel"
      ? [{ workload: "tunnel", resources: TUNNEL_RESOURCES, replicas: TUNNEL_REPLICAS[platform] }]
      : [],
} as const satisfies Service;
