import { interpolate, type Output } from "@pulumi/pulumi";
import type { Endpoint, Ready } from "../model/workload.js";
import { urlTls } from "./database-trust.js";

/** One database and the role that owns it: what a consumer is handed. */
export interface Database {
  readonly name: string;
  readonly role: string;
  readonly password: Output<string>;
  /** Connections that the role may hold at once, whoever uses it. */
  readonly connectionLimit: number;
  readonly server: DatabaseServer;
  /** Resolves when the database and its role are there. */
  readonly ready: Ready;
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

/** `postgres://…`, secret because it holds the password. */
export function databaseUrl({ name, role, password, server }: Database): Output<string> {
  return interpolate`postgres://${role}:${password}@${server.host}:${server.port}/${name}?${urlTls(server)}`;
}

/** Connections that each of so many replicas may hold, so that together they keep to the role's limit. */
export function poolSize({ connectionLimit }: Pick<Database, "connectionLimit">, replicas: number): number {
  return Math.max(1, Math.floor(connectionLimit / replicas));
}

/** What a container that uses the database must say about its network. */
export function databaseAccess({ server }: Pick<Database, "server">): { connectsTo: readonly Endpoint[]; egress: boolean } {
  return server.endpoint === undefined ? { connectsTo: [], egress: true } : { connectsTo: [server.endpoint], egress: false };
}
