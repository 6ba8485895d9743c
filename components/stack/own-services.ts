import type { ComponentResource } from "@pulumi/pulumi";
import { ownImage } from "../model/images.ts";
import type { Ready } from "../model/workload.ts";
import { APP_DATABASE } from "../services/app/index.ts";
import type { Link } from "../services/kit/link.ts";
import { publicAddress } from "../services/kit/fact.ts";
import { ownServicesOf } from "../services/own-services/index.ts";
import { OwnService } from "../services/own-services/own-service.ts";
import { databaseOf, type OwnServiceFacts } from "../services/own-services/preset.ts";
import { roleName } from "../services/own-services/role.ts";
import type { Pgbouncer } from "../services/pgbouncer/pgbouncer.ts";
import type { Database } from "../services/postgres/database.ts";
import type { StackDatabases } from "./databases.ts";
import { startOrder } from "./own-services-order.ts";
import { filesFrom } from "./project-files.ts";
import type { Settings } from "./settings.ts";
import type { Shared } from "./shared.ts";

export interface OwnServicesArgs {
  readonly databases: StackDatabases;
  /** @default - the stack has none */
  readonly pooler: Pgbouncer | undefined;
  /** What each target is told and how it is reached, by the target's name. */
  readonly links: Readonly<Record<string, Link>>;
  /** Resolves when the app is there, and so its tables. */
  readonly app: Ready;
  /** The URL of a page, by its name. */
  readonly url: (page: string) => string;
}

/** The operator's own services, those first that others connect to. */
export function createOwnServices(
  settings: Settings,
  shared: Shared,
  { databases, pooler, links, app, url }: OwnServicesArgs,
  parent: ComponentResource,
): readonly OwnService[] {
  const made = new Map<string, OwnService>();
  const known = (target: string): Link => links[target] ?? made.get(target)?.link ?? {};
  for (const [name, service] of startOrder(ownServicesOf(settings))) {
    const image = ownImage(name, settings.images);
    const database = databaseFor(name, service, databases);
    made.set(
      name,
      new OwnService(
        name,
        {
          ...shared,
          service,
          ownImage: image ?? shared.image("apprun"),
          links: service.connectsTo.map(known),
          database: database && (pooler?.before(database) ?? database),
          secrets: settings.ownSecrets,
          files: filesFrom(service.files, settings.projectFiles),
          facts: {
            "app.url": publicAddress(url("app")),
            "login.publicUrl": publicAddress(url("auth")),
            ...(service.route && { "service.url": publicAddress(url(name)) }),
          },
          // The same image works on the same tables, which the app migrates.
          dependsOn: image === undefined || databaseOf(service)?.of === "app" ? [app] : [],
        },
        { parent },
      ),
    );
  }
  return [...made.values()];
}

/** Its own database, or the app's by a role of its own. */
function databaseFor(name: string, service: OwnServiceFacts, databases: StackDatabases): Database | undefined {
  const asked = databaseOf(service);
  if (asked === undefined) return undefined;
  if (asked.of === "itself") return databases.database(roleName(name));
  const login = databases.login(roleName(name));
  return login && { ...login, name: databases.database(APP_DATABASE.name).name, connectionLimit: asked.connections };
}
