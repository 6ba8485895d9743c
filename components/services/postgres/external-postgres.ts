import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { majorVersion, POSTGRES_MAJORS } from "../../model/postgres-version.ts";
import { type Database, type ServerLogin, shownServer } from "./database.ts";
import type { DatabaseRequest } from "./roles.ts";
import { provisionDatabases } from "./provisioning.ts";
import { postgresCheckJob } from "./check.ts";
import type { SharedArgs } from "../kit/service-args.ts";

export interface ExternalPostgresArgs extends SharedArgs<"postgres"> {
  readonly host: string;
  readonly port: number;
  readonly sslMode: string;
  /** Certificate in PEM that signed the server's. @default - a publicly trusted one, or none is checked */
  readonly ca?: string | undefined;
  /** A role that may create roles and databases. */
  readonly admin: { readonly user: string; readonly password: Output<string> };
  /** Who makes roles and databases: a job beside the stack's other containers, or the engine from where it runs. */
  readonly provisioning: "job" | "engine";
  /** What the stack calls roles and databases that are there and that the engine takes over; `*` for all. */
  readonly adopt: readonly string[];
  readonly databases: readonly DatabaseRequest[];
  /** The stack's name with its project's, which marks its roles. */
  readonly stack: string;
}

/** A managed PostgreSQL: the same databases and roles, no container. */
export class ExternalPostgres extends ComponentResource {
  /** The databases by name. */
  readonly databases: ReadonlyMap<string, Database>;
  readonly administrator: ServerLogin;
  readonly logins: ReadonlyMap<string, ServerLogin>;

  constructor(name: string, args: ExternalPostgresArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:ExternalPostgres", name, {}, opts);
    const { host, port, sslMode, ca } = args;
    const server = { host, port, sslMode, ca };
    const image = args.image("postgres");
    // The image's tools make the dumps, and those of an older major refuse a newer server.
    const majors = POSTGRES_MAJORS.filter((major) => Number(major) <= Number(majorVersion(image)));
    const needs = { ...args, majors, encrypted: sslMode !== "disable" };
    const check = args.platform.job(`${name}-check`, postgresCheckJob({ image, server, admin: args.admin, needs }), {
      parent: this,
    });
    const { databases, logins, ready } = provisionDatabases(
      `${name}-provision`,
      {
        ...args,
        server,
        engine: args.provisioning === "engine" ? { name, adopt: args.adopt } : undefined,
        dependsOn: [check.succeeded],
      },
      this,
    );
    this.databases = databases;
    this.logins = logins;
    this.administrator = { role: args.admin.user, password: args.admin.password, server, ready };
    this.registerOutputs(shownServer(this));
  }
}
