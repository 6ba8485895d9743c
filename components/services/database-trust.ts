import type { ConfigFile } from "../model/workload.js";
import type { DatabaseServer } from "./database.js";

/** Where a consumer finds the certificate that signed the server's. */
const CA_PATH = "/etc/apprun/postgres-ca.pem";

/** The authorities that an image's own base trusts; libpq looks at none by itself. */
const SYSTEM_CAS = "/etc/ssl/certs/ca-certificates.crt";

/** The file that a consumer of the server must have; none where its certificate is publicly trusted or not looked at. */
export function trustFiles({ ca }: DatabaseServer, path: string = CA_PATH): readonly ConfigFile[] {
  return ca === undefined ? [] : [{ path, content: ca }];
}

/** Path of the server's authority, for drivers that trust the system's authorities by themselves. */
export function trustPath({ ca }: DatabaseServer): string | undefined {
  return ca === undefined ? undefined : CA_PATH;
}

/** libpq's environment for the connection's encryption. */
export function libpqTls({ ca, sslMode }: DatabaseServer, path: string = CA_PATH): Record<string, string> {
  const root = ca === undefined ? SYSTEM_CAS : path;
  return { PGSSLMODE: sslMode, ...(sslMode.startsWith("verify-") && { PGSSLROOTCERT: root }) };
}

/** Parameters of a connection URL for the same. */
export function urlTls(server: DatabaseServer): string {
  const path = trustPath(server);
  return `sslmode=${server.sslMode}${path === undefined ? "" : `&sslrootcert=${path}`}`;
}
