import { BOTH_PLATFORMS, HUB } from "../../model/images.ts";
import { fromDockerfile } from "../../model/image-sources.ts";
import type { Size } from "../../model/size.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import { type DatabaseRequest, PASSWORD_REACHES } from "../postgres/roles.ts";
import type { postgres } from "../postgres/settings.ts";
import type { Service } from "../service.ts";
import { apiRoles } from "./api-roles.ts";
import { postgrestRules } from "./rules.ts";
import { postgrest as settings } from "./settings.ts";

/** The port of the API. */
export const API_PORT = 3000;

/** Where browsers reach it, below the stack's domain. */
export const DATA_PATH = "/data";

type Own = Slice<{ postgrest: typeof settings }>;

export const postgrest = {
  name: "postgrest",
  title: "PostgREST",
  purpose: "Serves views, tables and functions of the app's database over HTTP, as far as row security lets it.",
  guides: ["data-api.md"],
  settings: { postgrest: settings },
  images: {
    postgrest: {
      registry: HUB,
      repository: "postgrest/postgrest",
      tag: "v14.17",
      platforms: BOTH_PLATFORMS,
      // Built by Nix: one program, without a shell or any other.
      sources: fromDockerfile(
        "2026-11-28",
        "https://github.com/PostgREST/postgrest/blob/0cdeb8f6b752a214a44960458f968196516ba1bd/nix/tools/docker/default.nix",
        { platforms: "https://github.com/PostgREST/postgrest/blob/v14.17/.github/workflows/release.yaml" },
      ),
      uid: 1000,
      gid: 1000,
    },
  },
  rotated: {
    "postgres-provision-authenticator": {
      reaches: PASSWORD_REACHES,
      restarts: "PostgREST, and what else logs in for a data API",
    },
  },
  rules: postgrestRules,
  target: {
    name: "postgrest",
    on: { setting: "postgrest.enabled", isOn: ({ postgrest: { enabled } }: Own) => enabled },
  },
  sizes: ({ postgrest: { enabled, resources, replicas } }: Own): readonly Size[] =>
    enabled ? [{ workload: "postgrest", resources, replicas }] : [],
  pages: [
    {
      name: "data",
      path: DATA_PATH,
      stripsPath: true,
      port: API_PORT,
      audience: "users",
      rate: "standard",
      on: ({ postgrest: { enabled, mode } }: Own) => enabled && mode === "route",
    },
  ],
  roles: ({
    postgrest: own,
    postgres: { apiRoles: others },
  }: Own & Slice<{ postgres: typeof postgres }>): readonly DatabaseRequest[] =>
    apiRoles({ others, own: own.enabled ? own : undefined }),
} as const satisfies Service;
