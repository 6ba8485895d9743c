import type { ComponentResource } from "@pulumi/pulumi";
import type { Settings } from "./settings.ts";
import { Alloy } from "../services/logs/alloy.ts";
import { Loki } from "../services/logs/loki.ts";
import type { Shared } from "./shared.ts";

/** Loki and what brings lines to it; registered before what writes lines, which waits for neither. */
export function createLogs({ logs, identity }: Settings, shared: Shared, parent: ComponentResource): Loki | undefined {
  const source = shared.platform.facts.logs;
  if (!logs.enabled || source === undefined) return undefined;
  const loki = new Loki("loki", { ...shared, ...logs }, { parent });
  new Alloy(
    "alloy",
    { ...shared, resources: logs.collectorResources, source, loki: loki.http, stack: identity.stack },
    { parent },
  );
  return loki;
}
