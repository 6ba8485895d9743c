import type { ComponentResource } from "@pulumi/pulumi";
import type { Ready } from "../../model/workload.ts";
import type { Database, DatabaseServer, ServerLogin } from "./database.ts";
import type { DatabaseRequest, RoleSpec } from "./roles.ts";
import { passwordLines, provisioningSql } from "./sql.ts";
import { psqlJob, type DatabaseAdmin } from "./psql-job.ts";
import { engineResources } from "./engine/resources.ts";
import { restSql } from "./engine/rest-sql.ts";
import { generatedSecret } from "../kit/secrets.ts";
import type { SharedArgs } from "../kit/service-args.ts";

export interface ProvisioningArgs extends SharedArgs<"postgres"> {
  /** The stack's name with its project's, which marks its roles. */
  readonly stack: string;
  readonly databases: readonly DatabaseRequest[];
  readonly server: DatabaseServer;
  readonly admin: DatabaseAdmin;
  /** Has the engine make roles and databases, where it reaches the server. @default - a job makes them */
  readonly engine?: { readonly name: string; readonly adopt: readonly string[] } | undefined;
  readonly dependsOn: readonly Ready[];
}

/** What a server has after provisioning. */
export interface Provisioned {
  /** The databases, by the stack's name for each. */
  readonly databases: ReadonlyMap<string, Database>;
  /** Roles that own no database and may log in, by the stack's name for each. */
  readonly logins: ReadonlyMap<string, ServerLogin>;
  readonly ready: Ready;
}

/** Makes roles and databases, and hands them out. */
export function provisionDatabases(name: string, args: ProvisioningArgs, parent: ComponentResource): Provisioned {
  const { server, admin, engine, stack } = args;
  const roles = args.databases.map(({ login = true, ...request }): RoleSpec => {
    // No data knows the password of a role that owns nothing: the job sets it again.
    const protect = args.protectData && request.databases.length > 0;
    return {
      ...request,
      password: login
        ? generatedSecret(`${name}-${knownRole(request)}`, { protect, rotation: args.rotation, parent })
        : undefined,
    };
  });
  const made =
    engine && engineResources(engine.name, { ...args, ...engine, roles, dependsOn: resourcesOf(args) }, parent);
  const { succeeded } = args.platform.job(
    name,
    psqlJob({
      image: args.image("postgres"),
      server,
      admin,
      sql: made === undefined ? provisioningSql(stack, roles) : restSql(stack, roles),
      input: passwordLines(roles),
      dependsOn: made === undefined ? args.dependsOn : args.dependsOn.map((each) => ({ ...each, resource: made })),
    }),
    { parent },
  );
  const logins = roles.flatMap((request) => {
    const { role, password } = request;
    return password === undefined
      ? []
      : [{ ...request, login: { role, password, server, ready: succeeded } satisfies ServerLogin }];
  });
  return {
    ready: succeeded,
    databases: new Map(
      logins.flatMap(({ databases, known, login, connectionLimit }) =>
        databases.map((name, index): [string, Database] => [
          known?.databases[index] ?? name,
          { ...login, name, connectionLimit },
        ]),
      ),
    ),
    logins: new Map(
      logins.filter(({ databases }) => databases.length === 0).map((request) => [knownRole(request), request.login]),
    ),
  };
}

function resourcesOf({ dependsOn }: ProvisioningArgs) {
  return dependsOn.map(({ resource }) => resource);
}

function knownRole({ role, known }: Pick<DatabaseRequest, "role" | "known">): string {
  return known?.role ?? role;
}
