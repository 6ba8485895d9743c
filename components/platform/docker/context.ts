import type { StackIdentity } from "../../model/identity.js";
import type { Zone } from "../../model/zones.js";

/** What the pure functions of this folder need to know about the stack. */
export interface DockerContext {
  readonly identity: StackIdentity;
  /** The name of each zone's network. */
  readonly networks: Readonly<Record<Zone, string>>;
}
