import { interpolate, type Output } from "@pulumi/pulumi";
import type { ConfigFile, Endpoint, Ready } from "../../model/workload.ts";

/** One database and the role that owns it: what a consumer is handed. */
export interface Database {
  readonly name: string;
  readonly role: string;
  readonly password: Output<string>;
  /** Connections that the role may hold at once, whoever uses it. */
  readonly connectionLimit: number;
  readonly server: DatabaseServer;
  /** A server that follows that one, for who only reads. @default - there is none */
  readonly replica?: DatabaseServer | undefined;
  /** Resolves when the database and its role are there. */
  readonly ready: Ready;
  /** The same past what pools its connections, for migrations and whoever listens. @default - nothing pools them */
  readonly direct?: Database;
}

/** Where a PostgreSQL listens, whoever runs it. */
export interface DatabaseServer {
  readonly host: string;
  readonly port: number;
  /** libpq's sslmode towards the server. */
  readonly sslMode: string;
  /** Certificate in PEM that signed the server's. @default - a publicly trusted one, or none is checked */
  readonly ca?: string | undefined;
  /** The endpoint, when the server runs in this stack. */
  readonly endpoint?: Endpoint;
}

/** A role of a server that owns nothing there: for what looks at all databases. */
export interface ServerLogin {
  readonly role: string;
  readonly password: Output<string>;
  readonly server: DatabaseServer;
  /** Resolves when the role is there. */
  readonly ready: Ready;
}

/** What a reader of `pulumi stack` or of the console sees of a server. It holds no secret. */
export function shownServer({
  databases,
  administrator: { server },
}: {
  readonly databases: ReadonlyMap<string, Database>;
  readonly administrator: ServerLogin;
}) {
  return {
    address: `${server.host}:${server.port}`,
    databases: [...databases.values()].map(({ name }) => name).sort(),
  };
}

/** `postgres://…`, secret because it holds the password. */
export function databaseUrl({ name, role, password, server }: Database): Output<string> {
  return interpolate`postgres://${role}:${password}@${server.host}:${server.port}/${name}?${urlTls(server)}`;
}

/** Connections that each of so many replicas may hold, so that together they keep to the role's limit. */
export function poolSize({ connectionLimit }: Pick<Database, "connectionLimit">, replicas: number): number {
  return Math.max(1, Math.floor(connectionLimit / replicas));
}

/** The database past what pools its connections. */
export function directly(database: Database): Database {
  return database.direct ?? database;
}

/** What a container that uses the database must say about its network. */
export function databaseAccess({ server, direct }: Pick<Database, "server" | "direct">): {
  connectsTo: readonly Endpoint[];
  egress: boolean;
} {
  const past = direct === undefined ? { connectsTo: [], egress: false } : databaseAccess(direct);
  return server.endpoint === undefined
    ? { connectsTo: past.connectsTo, egress: true }
    : { connectsTo: [server.endpoint, ...past.connectsTo], egress: past.egress };
}

/** The replica's endpoint, for who is told of it and works without it. */
export function replicaAccess({ replica }: Pick<Database, "replica">): readonly Endpoint[] {
  return replica?.endpoint === undefined ? [] : [replica.endpoint];
}

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
