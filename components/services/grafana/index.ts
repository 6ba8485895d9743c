import { notVerified } from "../../model/image-sources.ts";
import { BOTH_PLATFORMS, HUB } from "../../model/images.ts";
import type { Size } from "../../model/size.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import { APP_DATABASE } from "../app/index.ts";
import { type DatabaseRequest, PASSWORD_REACHES, QUERY_TIMES } from "../postgres/roles.ts";
import type { Service } from "../service.ts";
import { grafana as settings } from "./settings.ts";

/** The port of its pages. */
export const GRAFANA_PORT = 3000;

/** Reads the app's tables for dashboards. */
export const DASHBOARDS = "grafana";
const DASHBOARDS_CONNECTIONS = 5;

type Own = Slice<{ grafana: typeof settings }>;

export const grafana = {
  name: "grafana",
  title: "Grafana",
  purpose: "Shows dashboards of metrics, and logs and traces where they are on.",
  guides: ["observability.md"],
  settings: { grafana: settings },
  images: {
    grafana: {
      registry: HUB,
      repository: "grafana/grafana",
      tag: "12.4.10",
      platforms: BOTH_PLATFORMS,
      sources: {
        ...notVerified("2026-11-28"),
        tools: "https://grafana.com/docs/grafana/latest/setup-grafana/configure-docker.md",
      },
      probeTool: "wget",
      uid: 472,
      gid: 0,
      touchesData: "it migrates its database when it starts",
    },
  },
  light: { grafana: { enabled: false } },
  rotated: {
    "grafana-admin": { reaches: "`grafana cli admin reset-admin-password` before Grafana starts", restarts: "Grafana" },
    "postgres-provision-grafana": { reaches: PASSWORD_REACHES, restarts: "Grafana" },
  },
  sizes: ({ grafana: { enabled, resources, storage } }: Own): readonly Size[] =>
    enabled ? [{ workload: "grafana", resources, volumes: { grafana: storage } }] : [],
  pages: [
    {
      name: "grafana",
      label: "grafana",
      port: GRAFANA_PORT,
      audience: "team",
      ownLogin: true,
      rate: "operator",
      on: ({ grafana: own }: Own) => own.enabled,
    },
  ],
  roles: ({ grafana: { enabled, appDatabase } }: Own): readonly DatabaseRequest[] =>
    enabled && appDatabase
      ? [
          {
            role: DASHBOARDS,
            databases: [],
            connectionLimit: DASHBOARDS_CONNECTIONS,
            reads: [APP_DATABASE.name],
            ...QUERY_TIMES,
          },
        ]
      : [],
} as const satisfies Service;
