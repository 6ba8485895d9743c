import type { ComponentResource } from "@pulumi/pulumi";
import { APP_DATABASE } from "../services/app/index.ts";
import type { App } from "../services/app/app.ts";
import type { Link } from "../services/kit/link.ts";
import { roleNamed } from "../services/postgres/names.ts";
import { ANONYMOUS, AUTHENTICATED, AUTHENTICATOR } from "../services/postgrest/api-roles.ts";
import { POSTGREST, postgrestLink, publicUrl } from "../services/postgrest/link.ts";
import { Postgrest } from "../services/postgrest/postgrest.ts";
import type { StackDatabases } from "./databases.ts";
import type { Settings } from "./settings.ts";
import type { Shared } from "./shared.ts";

export interface DataApiArgs {
  readonly databases: StackDatabases;
  readonly app: App;
  /** URL of the app, whose pages may call it. */
  readonly appUrl: string;
}

/** What the app is told of the API over its database, which starts after it. */
export function dataApiLink({ postgrest }: Settings, appUrl: string): Link | undefined {
  return postgrest.enabled ? postgrestLink({ browsers: browsersUrl(postgrest, appUrl) }) : undefined;
}

/** The API over the app's database, and what own services are told of it. */
export function createDataApi(
  settings: Settings,
  shared: Shared,
  { databases, app, appUrl }: DataApiArgs,
  parent: ComponentResource,
): { readonly service: Postgrest; readonly link: Link } | undefined {
  const { postgrest, postgres, projectFiles } = settings;
  const login = databases.login(AUTHENTICATOR);
  if (!postgrest.enabled || login === undefined) return undefined;
  const { jwks } = postgrest;
  const browsers = browsersUrl(postgrest, appUrl);
  const service = new Postgrest(
    POSTGREST,
    {
      ...shared,
      ...postgrest,
      database: databases.database(APP_DATABASE.name),
      login,
      roles: { anonymous: roleNamed(postgres, ANONYMOUS), authenticated: roleNamed(postgres, AUTHENTICATED) },
      keys: (jwks === undefined ? undefined : projectFiles[jwks]) ?? app.keys.jwtSecret,
      origins: [new URL(appUrl).origin, ...postgrest.origins],
      browsers,
      app: { version: versionOf(settings, shared), ready: app.ready },
    },
    { parent },
  );
  return { service, link: postgrestLink({ browsers, ready: service.ready }) };
}

function browsersUrl({ mode }: Settings["postgrest"], appUrl: string): string | undefined {
  return mode === "route" ? publicUrl(appUrl) : undefined;
}

/** What may have migrated: the app's image, or the command that does it before. */
function versionOf({ app: { migrate } }: Settings, shared: Shared): string {
  return [shared.image("apprun").reference, ...(migrate?.command ?? [])].join(" ").replaceAll(/\s+/g, " ");
}
