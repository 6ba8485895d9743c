import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { ClusterBackup } from "../model/postgres-cluster.js";
import type { Bytes } from "../model/units.js";
import type { Database } from "./database.js";
import { SUPERUSER } from "./postgres.js";
import { tuning } from "./postgres-tuning.js";
import { provisionDatabases, type DatabaseRequest } from "./provisioning.js";
import { generatedSecret } from "./secrets.js";
import type { ServiceArgs } from "./service-args.js";

export interface PostgresOperatedArgs extends ServiceArgs {
  readonly instances: number;
  /** Volume of each instance. */
  readonly storage: Bytes;
  readonly maxConnections: number;
  readonly backup?: ClusterBackup | undefined;
  readonly databases: readonly DatabaseRequest[];
}

/** A replicated PostgreSQL that the platform's operator runs: the same databases and roles. */
export class PostgresOperated extends ComponentResource {
  /** The databases by name. */
  readonly databases: ReadonlyMap<string, Database>;
  readonly superuserPassword: Output<string>;

  constructor(name: string, args: PostgresOperatedArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:PostgresOperated", name, {}, opts);
    this.superuserPassword = generatedSecret(`${name}-superuser`, { protect: args.protectData, parent: this });
    const { endpoint, ready } = args.platform.postgresCluster(
      name,
      {
        ...args,
        image: args.image("postgresCluster"),
        parameters: tuning(args.resources.limits.memory, args.maxConnections),
        superuserPassword: this.superuserPassword,
      },
      { parent: this },
    );
    this.databases = provisionDatabases(
      `${name}-provision`,
      {
        ...args,
        // The operator's servers have a certificate of their own authority and refuse nothing without it.
        server: { host: endpoint.host, port: endpoint.port, sslMode: "require", endpoint },
        admin: { user: SUPERUSER, password: this.superuserPassword },
        dependsOn: [ready],
      },
      this,
    );
    this.registerOutputs({});
  }
}
