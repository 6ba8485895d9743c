import * as postgresql from "@pulumi/postgresql";
import type { ComponentResource, Resource } from "@pulumi/pulumi";
import type { DatabaseServer } from "../database.ts";
import type { DatabaseAdmin } from "../psql-job.ts";
import { authorityFile } from "./authority-file.ts";

/** How the engine talks to a server, from the machine that it runs on. */
export function postgresqlProvider(
  name: string,
  { host, port, sslMode, ca }: DatabaseServer,
  admin: DatabaseAdmin,
  parent: ComponentResource,
): postgresql.Provider {
  return new postgresql.Provider(
    name,
    {
      host,
      port,
      database: "postgres",
      username: admin.user,
      password: admin.password,
      sslmode: sslMode,
      ...(ca !== undefined && { sslrootcert: authorityFile(ca) }),
      connectTimeout: 10,
      // It reads no hashes of passwords then, which a managed server shows nobody.
      superuser: false,
    },
    { parent },
  );
}

/** What all resources of a server have in common. */
export interface OfServer {
  readonly provider: postgresql.Provider;
  readonly parent: ComponentResource;
  readonly dependsOn: readonly Resource[];
}
