import type { StackIdentity } from "../../model/identity.js";
import type { Zone } from "../../model/zones.js";
import type { LogCollector } from "./logging.js";

/** What the pure functions of this folder need to know about the stack. */
export interface DockerContext {
  readonly identity: StackIdentity;
  /** The name of each zone's network. */
  readonly networks: Readonly<Record<Zone, string>>;
  /** Where the engine sends lines of containers. @default - nowhere */
  readonly collector?: LogCollector | undefined;
}
