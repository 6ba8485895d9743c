import { hostAddressOf } from "../../../components/model/firewall.ts";
import type { Settings } from "../../../components/stack/settings.ts";

/** What a stack's settings say about where its host listens. */
export type PortSettings = Pick<Settings, "proxy" | "environment" | "logs">;

/** The setting of a port, and what an operator can do where another program has it. */
export function portRemedy({ proxy, environment }: PortSettings, listens: string): string {
  const { port, transport } = hostAddressOf(listens);
  const find = `stop that program (ss -Hlnp${transport === "udp" ? "u" : "t"} 'sport = :${port}' names it)`;
  if (transport === "udp") return `${find} or set apprun:logs.port`;
  if (proxy.bind === "public" && port === proxy.teamPort) return `${find} or set apprun:proxy.teamPort`;
  // In production the policies let a public proxy have 80 and 443 only.
  if (proxy.bind === "public" && environment.kind === "prod")
    return `${find}, or let it stand in front of the stack: set apprun:proxy.bind to loopback and apprun:proxy.port to a free port`;
  return `${find} or set apprun:proxy.${port === proxy.tlsPort && port !== proxy.port ? "tlsPort" : "port"}`;
}
