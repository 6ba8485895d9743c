import type { Probe } from "../../model/probe.ts";
import type { Duration } from "../../model/units.ts";
import { DATABASE_DEFAULTS } from "./database-settings.ts";
import type { OwnServiceSettings } from "./settings.ts";

/** A service with what its preset fills in. */
export interface OwnServiceFacts extends OwnServiceSettings {
  readonly probeCommand: readonly string[] | undefined;
  readonly stopGrace: Duration;
}

const FRONTEND_PORT = 3000;
const GRACE = "30s";
/** Temporal's SDKs end activities that have begun, and take no new ones, for as long as they are told. */
const WORKER = { connectsTo: ["temporal"], stopGrace: "60s", drain: "45s" } as const;

/** What a service is, with the defaults of its preset. */
export function factsOf(given: OwnServiceSettings): OwnServiceFacts {
  const facts = {
    ...given,
    probeCommand: given.probe.command ?? given.image?.probeCommand,
    stopGrace: given.stopGrace ?? GRACE,
  };
  switch (given.preset) {
    case "frontend":
      return { ...facts, port: given.port ?? FRONTEND_PORT };
    case "worker":
      return {
        ...facts,
        connectsTo: [...new Set([...given.connectsTo, ...WORKER.connectsTo])],
        stopGrace: given.stopGrace ?? WORKER.stopGrace,
        drain: given.drain ?? (given.stopGrace === undefined ? WORKER.drain : undefined),
      };
    case "cron":
    case undefined:
      return facts;
  }
}

/** How it shows that it works; nothing where the settings do not say it. */
export function probeOf({ probeCommand, probe, port }: OwnServiceFacts): Probe | undefined {
  const interval = "2s";
  if (probeCommand !== undefined) return { kind: "exec", command: probeCommand, interval };
  return port === undefined
    ? undefined
    : { kind: "http", port: "http", path: probe.path ?? "/", readyPath: probe.ready, interval };
}

/** What it has on the stack's PostgreSQL server; nothing where it does not connect to it. */
export function databaseOf({ connectsTo, database }: Pick<OwnServiceSettings, "connectsTo" | "database">) {
  return connectsTo.includes(POSTGRES) ? (database ?? DATABASE_DEFAULTS) : undefined;
}

/** What \`connectsTo\` calls the stack's PostgreSQL server. */
export const POSTGRES = "postgres";
