import type { Size } from "../../model/size.ts";
import type { Resources } from "../../model/workload.ts";

/** The settings that decide whether the exporter of a flag runs. */
export interface Watched<Flag extends string> {
  readonly prometheus: { readonly enabled: boolean };
  readonly exporters: Readonly<Record<Flag, boolean>> & { readonly resources: Resources };
}

/** What the exporter of a flag uses, where it runs. */
export function watched<Flag extends string>(
  flag: Flag,
  { prometheus, exporters }: Watched<Flag>,
  workload = `${flag}-exporter`,
): readonly Size[] {
  return prometheus.enabled && exporters[flag] ? [{ workload, resources: exporters.resources }] : [];
}
