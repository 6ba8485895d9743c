import type { StackIdentity } from "../../model/identity.ts";
import type { Zone } from "../../model/zones.ts";

/** Where the engine sends the lines of containers. */
export interface LogCollector {
  /** UDP port of the host's loopback. */
  readonly port: number;
}

/** What the pure functions of this folder need to know about the stack. */
export interface DockerContext {
  readonly identity: StackIdentity;
  /** The name of each zone's network. */
  readonly networks: Readonly<Record<Zone, string>>;
  /** The network of what listens on IPv6. */
  readonly ipv6Network: string;
  /** Where the engine sends lines of containers. @default - nowhere */
  readonly collector?: LogCollector | undefined;
}
