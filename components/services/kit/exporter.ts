import type { AlertRule } from "../../model/observability.ts";
import { unanswered } from "../../model/unanswered.ts";
import type { Metrics, WorkloadSpec } from "../../model/workload.ts";

type Own = "tier" | "zone" | "runAs" | "readOnlyRoot" | "ports" | "metrics" | "probe";

/** What differs between two exporters. */
export interface ExporterSpec extends Omit<WorkloadSpec<"app">, Own> {
  /** Where it answers, at `/metrics`. */
  readonly port: number;
  /** @default - its first page */
  readonly probe?: WorkloadSpec["probe"];
  /** Anchored regular expression of the metrics that are not stored. @default - all are stored */
  readonly drop?: string | undefined;
}

/** A program that turns another's figures into metrics: it stores nothing, needs no right and answers Prometheus only. */
export function exporterWorkload({
  port,
  probe = { kind: "http", port: "metrics", path: "/" },
  drop,
  ...spec
}: ExporterSpec): WorkloadSpec<"app"> {
  const metrics: Metrics = { port: "metrics", path: "/metrics", ...(drop !== undefined && { drop }) };
  return {
    ...spec,
    tier: "app",
    zone: "backend",
    runAs: { uid: spec.image.uid, gid: spec.image.gid },
    readOnlyRoot: true,
    ports: { metrics: { port, exposure: "internal" } },
    probe,
    metrics,
  };
}

/**
 * The alert about an exporter. It is no alert about its server, so it explains
 * nothing that others see; it is as urgent, because a server that takes a
 * connection and never answers shows like this.
 */
export function exporterDown(name: string, job: string, server: string): AlertRule {
  return {
    name,
    ...unanswered(job),
    severity: "critical",
    summary: `Nobody sees whether ${server} answers, and its other alerts cannot fire`,
  };
}
