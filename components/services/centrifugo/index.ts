import { fromDockerfile } from "../../model/image-sources.ts";
import { BOTH_PLATFORMS, HUB } from "../../model/images.ts";
import type { Size } from "../../model/size.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import type { Service } from "../service.ts";
import { centrifugoRules } from "./rules.ts";
import { centrifugo as settings } from "./settings.ts";

/** The port that clients connect to. */
export const CLIENT_PORT = 8000;

type Own = Slice<{ centrifugo: typeof settings }>;

export const centrifugo = {
  name: "centrifugo",
  title: "Centrifugo",
  purpose: "Sends messages to browsers and apps while they are connected.",
  guides: ["realtime.md"],
  settings: { centrifugo: settings },
  images: {
    centrifugo: {
      registry: HUB,
      repository: "centrifugo/centrifugo",
      tag: "v6.9.1",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile("2026-11-28", "https://github.com/centrifugal/centrifugo/blob/v6.9.1/Dockerfile", {
        platforms: "https://github.com/centrifugal/centrifugo/blob/v6.9.1/.goreleaser.yml",
      }),
      probeTool: "wget",
      uid: 1000,
      gid: 1000,
    },
  },
  rotated: {
    "centrifugo-token": {
      reaches: "the current one signs, the one before still verifies: nobody is cut off",
      restarts: "Centrifugo and the app",
    },
    "centrifugo-api-key": {
      reaches: "the server takes one: it refuses messages until the app has restarted",
      restarts: "Centrifugo and the app",
    },
  },
  rules: centrifugoRules,
  target: {
    name: "centrifugo",
    on: { setting: "centrifugo.enabled", isOn: ({ centrifugo: { enabled } }: Own) => enabled },
  },
  sizes: ({ centrifugo: { enabled, resources, replicas } }: Own): readonly Size[] =>
    enabled ? [{ workload: "centrifugo", resources, replicas }] : [],
  pages: [
    {
      name: "realtime",
      label: "realtime",
      port: CLIENT_PORT,
      audience: "users",
      rate: "standard",
      on: ({ centrifugo: { enabled } }: Own) => enabled,
      // A stack without it keeps the certificate that it has.
      certifiedWhileOff: false,
    },
  ],
} as const satisfies Service;
