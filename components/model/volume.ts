import type { Input } from "@pulumi/pulumi";
import type { Bytes } from "./units.ts";

/**
 * What happens to a volume's content.
 *
 * - `data`: protected and kept; deleted only when the operator says so
 * - `cache`: may be rebuilt; deleted with the stack
 */
export type Retention = "data" | "cache";

interface AnyVolumeSpec {
  /** Planned size; Kubernetes requests it, a Docker host cannot enforce it. */
  readonly size: Bytes;
  /** Whether several replicas write to it at once. A workload that mounts any other volume runs exactly once. @default false */
  readonly shared?: boolean;
}

/** A volume of data says how its content is backed up, so that none is forgotten. */
export type VolumeSpec = AnyVolumeSpec &
  (
    | { readonly retention: "cache" }
    | {
        readonly retention: "data";
        readonly backup: VolumeBackup;
        /** @default - it is taken up as it is */
        readonly ifForgotten?: IfForgotten;
      }
  );

/**
 * What becomes of a volume that the stack's state has forgotten, when the
 * settings want it again. The secrets that only its service had are new then.
 *
 * - `never`: why its content is of no use to the stack any more
 * - `then`: what the operator does once it is taken up
 */
export type IfForgotten = { readonly never: string } | { readonly then: string };

/** A copy of the files in each backup set, or the reason why there is none. */
export type VolumeBackup =
  | {
      readonly files: {
        /** Group that may read them. */
        readonly gid: number;
        /** Entries of the volume's root that a copy leaves out. @default [] */
        readonly except?: readonly string[];
      };
    }
  | { readonly leftOut: string };

/** A volume that workloads can mount. */
export interface Volume {
  readonly name: string;
  readonly spec: VolumeSpec;
  /** The name under which the runtime knows it. */
  readonly id: Input<string>;
}

export interface Mount {
  readonly volume: Volume;
  readonly path: string;
  /** @default false */
  readonly readOnly?: boolean;
}
