import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Database, ServerLogin } from "./database.js";
import { provisionDatabases, type DatabaseRequest } from "./provisioning.js";
import type { ServiceArgs } from "./service-args.js";

export interface ExternalPostgresArgs extends Omit<ServiceArgs, "resources"> {
  readonly host: string;
  readonly port: number;
  readonly sslMode: string;
  /** A role that may create roles and databases. */
  readonly admin: { readonly user: string; readonly password: Output<string> };
  readonly databases: readonly DatabaseRequest[];
}

/** A managed PostgreSQL: the same databases and roles, no container. */
export class ExternalPostgres extends ComponentResource {
  /** The databases by name. */
  readonly databases: ReadonlyMap<string, Database>;
  readonly administrator: ServerLogin;
  readonly logins: ReadonlyMap<string, ServerLogin>;

  constructor(name: string, args: ExternalPostgresArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:ExternalPostgres", name, {}, opts);
    const { host, port, sslMode } = args;
    const server = { host, port, sslMode };
    const { databases, logins, ready } = provisionDatabases(`${name}-provision`, { ...args, server, dependsOn: [] }, this);
    this.databases = databases;
    this.logins = logins;
    this.administrator = { role: args.admin.user, password: args.admin.password, server, ready };
    this.registerOutputs({});
  }
}
