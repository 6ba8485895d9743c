import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import type { Endpoint, Ready } from "../../model/workload.ts";
import { address, fact } from "../kit/fact.ts";
import type { Link } from "../kit/link.ts";
import { afterMigration } from "../kit/migration.ts";
import type { Made } from "../kit/made.ts";
import type { SharedArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";
import { directly, type Database } from "../postgres/database.ts";
import type { OwnContainerArgs } from "./args.ts";
import { ownVolumes } from "./volumes.ts";
import { ownSchedule, ownWorkload } from "./workload.ts";

export interface OwnServiceArgs extends SharedArgs<"postgres">, Omit<OwnContainerArgs, "name" | "image" | "mounts"> {
  readonly ownImage: Image;
}

/** A service of the operator's own: it runs all the time, at set times, or not while it is switched off. */
export class OwnService extends ComponentResource implements Made {
  readonly pages: NonNullable<Made["pages"]>;
  readonly logins: NonNullable<Made["logins"]>;
  /** What others are told that connect to it. */
  readonly link: Link;

  constructor(name: string, args: OwnServiceArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:OwnService", name, {}, opts);
    this.logins = loginsOf(name, args.database);
    const [login] = Object.keys(this.logins);
    const mounts = ownVolumes(args.platform, name, args.service, args.ownImage, login, this);
    const container = { ...args, name, mounts, image: args.ownImage };
    if (!args.service.enabled) {
      this.pages = {};
      this.link = {};
      this.registerOutputs({ enabled: false });
      return;
    }
    if (args.service.schedule !== undefined) {
      args.platform.schedule(
        name,
        { ...ownSchedule(container, args.service.schedule), waitsIn: args.image("postgres") },
        { parent: this },
      );
      this.pages = {};
      this.link = {};
      this.registerOutputs({ image: args.ownImage.reference, schedule: args.service.schedule });
      return;
    }
    const { migrate } = args.service;
    const { database } = args;
    const migration = {
      migrate,
      waitsIn: args.image("postgres"),
      of: ownWorkload({ ...container, database: database && directly(database) }),
    };
    const workload = args.platform.workload(
      name,
      afterMigration(args.platform, name, ownWorkload(container), migration, this),
      { parent: this },
    );
    const http = args.service.port === undefined ? undefined : workload.endpoint("http");
    this.pages = http !== undefined && args.service.route !== undefined ? { [name]: http } : {};
    this.link = linkOf(name, http, workload.ready);
    this.registerOutputs(shownWorkload(workload));
  }
}

/** How an operator logs in to its database. */
function loginsOf(name: string, database: Database | undefined): NonNullable<Made["logins"]> {
  return database === undefined
    ? {}
    : { [`${name}-database`]: { username: database.role, password: database.password } };
}

function linkOf(name: string, http: Endpoint | undefined, ready: Ready): Link {
  return {
    facts:
      http === undefined
        ? {}
        : {
            [`services.${name}.host`]: fact(http.host),
            [`services.${name}.port`]: fact(http.port),
            [`services.${name}.url`]: address(`http://${http.address}`),
          },
    connectsTo: http === undefined ? [] : [http],
    dependsOn: [ready],
  };
}
