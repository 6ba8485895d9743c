import { z } from "zod";
import { resources } from "../../settings/kit/resources.ts";
import { flag } from "../../settings/kit/scalars.ts";

/** Metrics of what has none of its own; only with Prometheus. */
export const exporters = z
  .strictObject({
    postgres: flag().default(true).describe("PostgreSQL, Kratos' mail queue and Temporal's schema, through a role of its own."),
    cache: flag().default(true).describe("The cache, through a user of its own."),
    nats: flag().default(true).describe("NATS, through its monitoring port; only with nats.enabled."),
    host: flag().default(true).describe("Processors, memory and disk of a single host."),
    kubernetes: flag().default(true).describe("Pods, jobs and volume claims of the stack's namespace, through kube-state-metrics; only on a cluster."),
    kubelets: flag()
      .default(false)
      .describe("Memory, CPU and volumes as the kubelets measure them; only on a cluster. Prometheus gets a ClusterRole that reads every namespace's."),
    resources: resources("200m", "48Mi", "10m", "16Mi").describe("Requests and limits of each exporter."),
  })
  .prefault({});
