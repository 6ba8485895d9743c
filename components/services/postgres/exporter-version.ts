/** The first minor version of 0 that collects settings by a collector of its own. */
const OWN_COLLECTOR = 20;

/**
 * What keeps the server's settings from being collected: hundreds of series of which one counts, which the queries
 * ask for. Either version of the program refuses the other's argument; a tag without a version is taken for a new one.
 */
export function withoutSettings(tag: string): "--no-collector.settings" | "--disable-settings-metrics" {
  const minor = /^v?0\.(\d+)/.exec(tag)?.[1];
  return minor !== undefined && Number(minor) < OWN_COLLECTOR
    ? "--disable-settings-metrics"
    : "--no-collector.settings";
}
