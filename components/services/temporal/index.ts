import { fromDockerfile, NOT_VERIFIED } from "../../model/image-sources.ts";
import { BOTH_PLATFORMS, HUB } from "../../model/images.ts";
import type { SchemaSource } from "../../model/schema-version.ts";
import type { Size } from "../../model/size.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import { type DatabaseRequest, PASSWORD_REACHES, SERVICE_TIMES } from "../postgres/roles.ts";
import type { Service } from "../service.ts";
import { TEMPORAL_CONNECTIONS } from "./config.ts";
import { SCHEMAS } from "./schemas.ts";
import { temporal as settings } from "./settings.ts";

/** The port of its web pages. */
export const TEMPORAL_UI_PORT = 8080;

// docs.temporal.io/self-hosted-guide/upgrade-server, "Sequential Upgrades".
const STEPS = {
  eachMinor: true,
  reason: "Temporal keeps data compatible between one minor version and the next only",
} as const;

/** The version of either of its schemas. */
const SCHEMA_VERSION = "SELECT curr_version FROM public.schema_version";

type Own = Slice<{ temporal: typeof settings }>;

export const temporal = {
  name: "temporal",
  title: "Temporal",
  purpose: "Runs workflows that outlive a restart, and shows them on web pages.",
  guides: ["your-app.md"],
  settings: { temporal: settings },
  images: {
    temporal: {
      registry: HUB,
      repository: "temporalio/server",
      tag: "1.31.2",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile(
        "2026-11-28",
        "https://github.com/temporalio/temporal/blob/v1.31.2/docker/targets/server.Dockerfile",
        { platforms: "https://github.com/temporalio/temporal/blob/v1.31.2/docker/docker-bake.hcl" },
      ),
      uid: 1000,
      gid: 1000,
      schemas: SCHEMAS["1.31"],
      touchesData: "it works on the schema of its version",
      steps: STEPS,
    },
    temporalAdminTools: {
      registry: HUB,
      repository: "temporalio/admin-tools",
      tag: "1.31.2",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile(
        "2026-11-28",
        "https://github.com/temporalio/temporal/blob/v1.31.2/docker/targets/admin-tools.Dockerfile",
        { platforms: "https://github.com/temporalio/temporal/blob/v1.31.2/docker/docker-bake.hcl" },
      ),
      uid: 1000,
      gid: 1000,
      touchesData: "its job migrates the schema",
      steps: STEPS,
    },
    temporalUi: {
      registry: HUB,
      repository: "temporalio/ui",
      tag: "2.54.1",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile(
        "2026-11-28",
        "https://github.com/temporalio/ui/blob/41687b1f5dce7ce03c65ac0fdb4e99fc7ac00d97/server/Dockerfile",
        { platforms: NOT_VERIFIED },
      ),
      probeTool: "wget",
      uid: 1000,
      gid: 1000,
    },
  },
  light: {
    temporal: { ui: false, resources: { requests: { memory: "96Mi" }, limits: { memory: "150Mi" } } },
  },
  rotated: {
    "postgres-provision-temporal": { reaches: PASSWORD_REACHES, restarts: "Temporal" },
  },
  target: {
    name: "temporal",
    on: { setting: "temporal.enabled", isOn: ({ temporal: { enabled } }: Own) => enabled },
  },
  sizes: ({ temporal: { enabled, ui, resources, uiResources } }: Own): readonly Size[] => [
    ...(enabled ? [{ workload: "temporal", resources }] : []),
    ...(enabled && ui ? [{ workload: "temporal-ui", resources: uiResources }] : []),
  ],
  pages: [
    {
      name: "temporal",
      label: "temporal",
      port: TEMPORAL_UI_PORT,
      audience: "team",
      rate: "operator",
      on: ({ temporal: { enabled, ui } }: Own) => enabled && ui,
    },
  ],
  roles: ({ temporal: { enabled } }: Own): readonly DatabaseRequest[] => [
    {
      role: "temporal",
      databases: ["temporal", "temporal_visibility"],
      connectionLimit: TEMPORAL_CONNECTIONS,
      idle: !enabled,
      ...SERVICE_TIMES,
    },
  ],
  schemas: ({ temporal: { enabled } }: Own): readonly SchemaSource<"temporal">[] =>
    enabled
      ? ["temporal", "temporal_visibility"].map((database) => ({
          database,
          sql: SCHEMA_VERSION,
          image: "temporal" as const,
          job: "temporal-schema",
        }))
      : [],
} as const satisfies Service;
