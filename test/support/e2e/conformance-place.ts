import type { Inventory, InventoryVolume } from "../../../components/model/inventory.ts";
import { SERVICES, type ImageName } from "../../../components/services/catalogue.ts";
import type { Service } from "../../../components/services/service.ts";
import type { Settings } from "../../../components/stack/settings.ts";
import { recordEverything, type Target } from "../../everything.ts";
import { switchedOff } from "../record/switched-off.ts";

/** How a stack's place is asked. */
export interface ConformancePlace {
  readonly target: Target;
  /** Settings of a small stack, without what can be switched. */
  readonly small: Readonly<Record<string, object | string>>;
  hasImages(...names: readonly ImageName[]): Promise<boolean>;
  /** What runs, by the workload's name: another text after it was replaced, started again or given another limit. */
  running(inventory: Inventory): Promise<Record<string, string>>;
  /** Writes a file into the root of each volume. */
  mark(volumes: readonly InventoryVolume[], text: string): Promise<void>;
  /** What that file has, by the volume's name. */
  marks(volumes: readonly InventoryVolume[]): Promise<Record<string, string>>;
  /** Whether a volume is there, mounted or not. */
  hasVolume(volume: InventoryVolume): Promise<boolean>;
  /** Gives an image another tag, or says whether it has it. */
  offerTag(repository: string, tag: string, newer: string): Promise<boolean>;
  wipe(): Promise<void>;
}

export type Conformed = Service<Settings>;

/** Services that can be switched and whose images are there; the names of the others. */
export async function available(
  place: ConformancePlace,
): Promise<{ on: readonly Conformed[]; missing: readonly string[] }> {
  const { workloads } = (await recordEverything(place.target, { services: {} })).result.inventory;
  const used = new Set(workloads.map(({ image }) => image));
  const [on, missing]: [Conformed[], string[]] = [[], []];
  for (const service of SERVICES as readonly Conformed[]) {
    if (switchedOff(service) === undefined) continue;
    const images = Object.keys(service.images).filter((image) => used.has(image)) as ImageName[];
    if (await place.hasImages(...images)) on.push(service);
    else missing.push(service.name);
  }
  return { on, missing };
}

/** Where a place mounts volumes, each below its name, for the scripts here. */
export const VOLUMES = "/volumes";
/** Prints what marks have, a line each. */
export const MARKS = `cd ${VOLUMES} && for volume in *; do echo "$volume $(cat "$volume/.conformance" 2>&1)"; done`;

/** Marks each volume by a file that who owns the volume's root can delete. */
export const markScript = (text: string): string =>
  `cd ${VOLUMES} && for volume in *; do rm -f "$volume/.conformance" && printf %s ${text} >"$volume/.conformance" && ` +
  `{ [ "$(id -u)" != 0 ] || chown "$(stat -c %u:%g "$volume")" "$volume/.conformance"; } || exit 1; done`;

/** The lines of `MARKS`, by volume. */
export const readMarks = (lines: string): Record<string, string> =>
  Object.fromEntries(
    lines
      .trim()
      .split("\n")
      .map((line) => line.split(/ (.*)/s, 2) as [string, string]),
  );
