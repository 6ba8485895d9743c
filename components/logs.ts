import type { ComponentResource } from "@pulumi/pulumi";
import type { Settings } from "./config/settings.js";
import type { Endpoint } from "./model/workload.js";
import { Alloy } from "./services/alloy.js";
import { Loki } from "./services/loki.js";
import type { ServiceArgs } from "./services/service-args.js";

/** Loki and what brings lines to it; registered before what writes lines, which waits for neither. */
export function createLogs({ logs, identity }: Settings, shared: Omit<ServiceArgs, "resources">, parent: ComponentResource): Endpoint | undefined {
  const source = shared.platform.facts.logs;
  if (!logs.enabled || source === undefined) return undefined;
  const loki = new Loki("loki", { ...shared, ...logs }, { parent }).http;
  new Alloy("alloy", { ...shared, resources: logs.collectorResources, source, loki, stack: identity.stack }, { parent });
  return loki;
}
