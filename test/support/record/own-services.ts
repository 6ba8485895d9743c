import type { z } from "zod";
import type { settingsSchema } from "../../../components/stack/schema.ts";

const OWN_IMAGE = { repository: "example/web", tag: "1.4.2", uid: 1000, gid: 1000, probeTool: "wget" } as const;
/** One of each preset, and what they have in common with none. */
export const OWN_SERVICES: NonNullable<z.input<typeof settingsSchema>["services"]> = {
  web: {
    preset: "frontend",
    image: OWN_IMAGE,
    route: { subdomain: "www" },
    connectsTo: ["apprun", "reports"],
    variables: { API_URL: "{app.internalUrl}", REPORTS_URL: "{services.reports.url}" },
    replicas: 2,
    egress: true,
  },
  worker: {
    preset: "worker",
    command: ["worker"],
    probe: { command: ["/app/apprun", "worker", "health"] },
    variablesPreset: "apprun",
    connectsTo: ["postgres", "cache", "nats", "jaeger"],
    database: { of: "app", pooled: true },
    replicas: 2,
  },
  reports: {
    image: { ...OWN_IMAGE, repository: "example/reports" },
    port: 9000,
    metrics: { port: 9001 },
    connectsTo: ["postgres", "kratos", "centrifugo"],
    database: { extensions: ["pgcrypto"] },
    variables: { DATABASE_URL: "{database.url}" },
    replicas: 2,
    volumes: {
      files: { path: "/var/lib/reports", size: "2Gi", shared: true },
      drafts: { path: "/var/lib/drafts", size: "1Gi", shared: true, leftOut: "each is made again from the database" },
      cache: { path: "/var/cache/reports", size: "512Mi", shared: true, retention: "cache" },
    },
  },
  cleanup: {
    preset: "cron",
    schedule: "30 2 * * *",
    command: ["/app/apprun", "cleanup"],
    connectsTo: ["postgres"],
    variablesPreset: "apprun",
  },
};
