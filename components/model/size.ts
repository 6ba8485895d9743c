import type { Bytes } from "./units.ts";
import type { Resources } from "./workload.ts";

/** What one workload or schedule is planned to use. */
export interface Size {
  /** Its name in the inventory. */
  readonly workload: string;
  readonly resources: Resources;
  /** @default 1 */
  readonly replicas?: number;
  /** Planned size of each of its volumes, by the volume's name. @default - it has none */
  readonly volumes?: Readonly<Record<string, Bytes>>;
}
