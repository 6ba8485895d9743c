import type { ConfigFile } from "../../model/workload.ts";

/** A directory of authorities that Go programs trust besides the system's, by SSL_CERT_DIR. */
const DIRECTORY = "/etc/apprun/ca";

/** What a container must be given to trust a server's authority. */
export interface Authority {
  /** Certificate in PEM that signed the server's. @default - a publicly trusted one, or none is checked */
  readonly ca?: string | undefined;
}

/** The authority of a kind of server, as a file; none where the system's are trusted. */
export function authorityFiles(kind: string, { ca }: Authority): readonly ConfigFile[] {
  return ca === undefined ? [] : [{ path: authorityPath(kind), content: ca }];
}

/** Where `authorityFiles` puts it, for programs that take a path. */
export function authorityPath(kind: string): string {
  return `${DIRECTORY}/${kind}.pem`;
}

/** For Go programs: trusts the authorities of these servers. */
export function authorityEnvironment(...servers: readonly (Authority | undefined)[]): Record<string, string> {
  return servers.some((server) => server?.ca !== undefined) ? { SSL_CERT_DIR: DIRECTORY } : {};
}
