import { notVerified } from "../../../../components/model/image-sources.ts";
import { BOTH_PLATFORMS, HUB } from "../../../../components/model/images.ts";
import type { Size } from "../../../../components/model/size.ts";
import { SERVICE_TIMES, type DatabaseRequest } from "../../../../components/services/postgres/roles.ts";
import type { Service } from "../../../../components/services/service.ts";
import { problem, type Given, type Rule, type Slice } from "../../../../components/settings/kit/rule.ts";
import { greeter as settings } from "./settings.ts";

export const GREETER_PORT = 7000;

type Own = Slice<{ greeter: typeof settings }>;

const needsToken: Rule<Own & Given<"greeterToken">> = ({ greeter: { enabled }, secrets }) =>
  !enabled && secrets.greeterToken !== undefined
    ? problem("greeterToken", "a secret", "nothing without greeter.enabled", "remove it or set greeter.enabled")
    : undefined;

export const greeter = {
  name: "greeter",
  title: "Greeter",
  purpose: "Says hello.",
  guides: [],
  settings: { greeter: settings },
  images: {
    greeter: {
      registry: HUB,
      repository: "example/greeter",
      tag: "1.0.0",
      platforms: BOTH_PLATFORMS,
      sources: notVerified("2026-11-28"),
      probeTool: "wget",
      uid: 1000,
      gid: 1000,
    },
  },
  rotated: { "greeter-password": { reaches: "the greeter's file", restarts: "the greeter" } },
  givenSecrets: { greeterToken: "Token of the greeter" },
  rules: [needsToken],
  sizes: ({ greeter: { enabled, resources, replicas } }: Own): readonly Size[] =>
    enabled ? [{ workload: "greeter", resources, replicas }] : [],
  pages: [
    {
      name: "greeter",
      label: "hello",
      port: GREETER_PORT,
      audience: "users",
      rate: "standard",
      on: ({ greeter: { enabled } }: Own) => enabled,
    },
  ],
  roles: ({ greeter: { enabled } }: Own): readonly DatabaseRequest[] =>
    enabled ? [{ role: "greeter", databases: ["greeter"], connectionLimit: 5, ...SERVICE_TIMES }] : [],
} as const satisfies Service;
