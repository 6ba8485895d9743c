import { isIP } from "node:net";
import { SERVICES } from "../services/catalogue.ts";
import type { Service } from "../services/service.ts";
import type { Settings } from "./settings.ts";

/** A server of others that pods connect to. */
export interface NamedHost {
  /** Key path below `apprun:`. */
  readonly setting: string;
  /** A host name or an address. */
  readonly host: string;
}

/** Hosts that the settings name. Those inside of secrets, such as a mail server's, nobody knows before the update. */
export function namedHosts(
  settings: Settings,
  services: readonly Service<Settings>[] = SERVICES,
): readonly NamedHost[] {
  return services
    .flatMap(({ outsideServers }) => outsideServers?.(settings) ?? [])
    .flatMap(({ setting, at }) => (at === undefined ? [] : [{ setting, host: hostOf(at) }]));
}

function hostOf(at: string): string {
  if (isIP(at) !== 0 || !URL.canParse(at)) return at;
  return new URL(at).hostname.replace(/^\[|\]$/g, "");
}
