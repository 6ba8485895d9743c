import { mebibytes, millicores } from "../model/units.ts";
import type { Size } from "../model/size.ts";
import { SERVICES } from "../services/catalogue.ts";
import type { Service } from "../services/service.ts";
import type { Settings } from "./settings.ts";

/** What one workload or schedule may use at most, over all of its replicas. */
export interface BudgetRow {
  readonly service: string;
  readonly replicas: number;
  /** Thousandths of a core. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** MiB that its volumes are planned to hold. */
  readonly disk: number;
}

/** What every service that is on is planned to use, from the settings alone. */
export function sizesOf(settings: Settings, services: readonly Service<Settings>[] = SERVICES): readonly Size[] {
  return services.flatMap((service) => service.sizes(settings));
}

/** The limits of all services that are on, from the settings alone. */
export function budget(settings: Settings, services: readonly Service<Settings>[] = SERVICES): readonly BudgetRow[] {
  return sizesOf(settings, services).map(({ workload, resources: { limits }, replicas = 1, volumes = {} }) => ({
    service: workload,
    replicas,
    cpu: millicores(limits.cpu) * replicas,
    memory: mebibytes(limits.memory) * replicas,
    disk: Object.values(volumes).reduce((sum, size) => sum + mebibytes(size), 0),
  }));
}

/** Sum of one column. */
export function total(rows: readonly BudgetRow[], column: "cpu" | "memory" | "disk"): number {
  return rows.reduce((sum, row) => sum + row[column], 0);
}
