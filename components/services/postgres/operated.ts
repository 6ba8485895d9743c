import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { ClusterBackup } from "../../model/postgres-cluster.ts";
import type { Bytes } from "../../model/units.ts";
import { type Database, type ServerLogin, shownServer } from "./database.ts";
import { SUPERUSER } from "./postgres.ts";
import { tuning } from "./tuning.ts";
import type { DatabaseRequest } from "./roles.ts";
import { provisionDatabases } from "./provisioning.ts";
import { generatedSecret } from "../kit/secrets.ts";
import type { ServiceArgs } from "../kit/service-args.ts";

export interface PostgresOperatedArgs extends ServiceArgs<"postgresCluster" | "postgres"> {
  readonly instances: number;
  /** Volume of each instance. */
  readonly storage: Bytes;
  readonly maxConnections: number;
  readonly backup?: ClusterBackup | undefined;
  readonly databases: readonly DatabaseRequest[];
  /** The stack's name with its project's, which marks its roles. */
  readonly stack: string;
}

/** A replicated PostgreSQL that the platform's operator runs: the same databases and roles. */
export class PostgresOperated extends ComponentResource {
  /** The databases by name. */
  readonly databases: ReadonlyMap<string, Database>;
  /** Roles that own no database, by name. */
  readonly logins: ReadonlyMap<string, ServerLogin>;
  readonly administrator: ServerLogin;

  constructor(name: string, args: PostgresOperatedArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:PostgresOperated", name, {}, opts);
    const superuserPassword = generatedSecret(`${name}-superuser`, {
      protect: args.protectData,
      rotation: args.rotation,
      parent: this,
    });
    const { endpoint, ready } = args.platform.postgresCluster(
      name,
      {
        ...args,
        image: args.image("postgresCluster"),
        parameters: tuning(args.resources.limits.memory, args.maxConnections),
        superuserPassword,
      },
      { parent: this },
    );
    // The operator's servers have a certificate of their own authority and refuse nothing without it.
    const server = { host: endpoint.host, port: endpoint.port, sslMode: "require", endpoint };
    const provisioned = provisionDatabases(
      `${name}-provision`,
      {
        ...args,
        server,
        admin: { user: SUPERUSER, password: superuserPassword },
        dependsOn: [ready],
      },
      this,
    );
    this.databases = provisioned.databases;
    this.logins = provisioned.logins;
    this.administrator = { role: SUPERUSER, password: superuserPassword, server, ready: provisioned.ready };
    this.registerOutputs({
      image: args.image("postgresCluster").reference,
      replicas: args.instances,
      ...shownServer(this),
    });
  }
}
