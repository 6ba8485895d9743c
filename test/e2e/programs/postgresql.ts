import { ComponentResource, secret } from "@pulumi/pulumi";
import { engineResources } from "../../../components/services/postgres/engine/resources.ts";
import { databaseRoles } from "../../../components/stack/database-roles.ts";
import { loadSettings } from "../../../components/stack/load.ts";

// A managed server of a stack without its services and jobs: what the engine's provider makes there, from the same settings.
const settings = loadSettings();
const { external } = settings.postgres;
if (external === undefined) throw new Error("postgres.external is needed");
const { adminUser: user, adopt, ...server } = external;
const parent = new ComponentResource("apprun:test:Postgres", settings.identity.stack);
void engineResources(
  "postgres",
  {
    server,
    admin: { user, password: settings.secrets.postgresAdminPassword ?? secret("") },
    roles: databaseRoles(settings).map(({ login = true, ...request }) => ({
      ...request,
      password: login ? secret("which the job sets") : undefined,
    })),
    adopt,
    protectData: settings.volumes.protect,
    dependsOn: [],
  },
  parent,
);
