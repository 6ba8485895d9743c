import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { Endpoint, Ready } from "../../model/workload.ts";
import { dataKeys, generatedSecret, type SecretValues } from "../kit/secrets.ts";
import { afterMigration } from "../kit/migration.ts";
import type { Made } from "../kit/made.ts";
import { shownWorkload } from "../kit/shown.ts";
import { directly, type Database } from "../postgres/database.ts";
import type { AppArgs } from "./args.ts";
import { APP_VOLUME, ENCRYPTION_KEY } from "./index.ts";
import { hostPageName } from "./hosts.ts";
import type { AppKeys } from "./keys.ts";
import { bucketCheckJob, bucketLink, bucketUrl } from "./object-storage.ts";
import { appWorkload } from "./workload.ts";

const STORAGE_PATH = "/data/storage";

/** The platform's app: stateless replicas over a shared storage volume or a bucket. */
export class App extends ComponentResource implements Made {
  readonly pages: NonNullable<Made["pages"]>;

  readonly http: Endpoint<"app">;
  readonly ready: Ready;
  readonly configuration: NonNullable<Made["configuration"]>;
  readonly keys: AppKeys;
  /** What the app encrypts with. */
  readonly dataKeys: { readonly [ENCRYPTION_KEY]: SecretValues };

  constructor(name: string, args: AppArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:App", name, {}, opts);
    const secret = { protect: args.protectData, rotation: args.rotation, parent: this };
    const encryptionKeys = dataKeys(ENCRYPTION_KEY, args.encryptionKey, { ...secret, rotation: undefined });
    this.keys = { jwtSecret: generatedSecret(`${name}-jwt`, secret), encryptionKey: encryptionKeys[0] };
    const { bucket } = args;
    const image = args.image(args.sample === undefined ? "apprun" : "sampleApp");
    const storage =
      bucket === undefined
        ? args.platform.volume(
            APP_VOLUME,
            { size: args.storage, retention: "data", shared: true, backup: { files: { gid: image.gid } } },
            { parent: this },
          )
        : undefined;
    // The check asks with curl; another image may have none. A bucket inside of the stack is checked by what makes it.
    const check =
      bucket &&
      bucket.inside === undefined &&
      image.probeTool === "curl" &&
      args.platform.job(`${name}-storage-check`, bucketCheckJob({ image, bucket }), { parent: this });
    const specOn = (database: Database) =>
      appWorkload({
        ...args,
        database,
        links: bucket === undefined ? args.links : [...args.links, bucketLink(bucket)],
        image,
        ...this.keys,
        storage: storage && { volume: storage, path: STORAGE_PATH },
        dependsOn: check ? [check.succeeded] : [],
      });
    const migration = {
      migrate: args.migrate,
      waitsIn: args.image("postgres"),
      of: specOn(directly(args.database)),
    };
    const spec = afterMigration(args.platform, name, specOn(args.database), migration, this);
    const workload = args.platform.workload(name, spec, { parent: this });
    this.http = workload.endpoint("http");
    this.ready = workload.ready;
    // The project has its own files; a change of one starts the app again, and not the backups.
    this.configuration = { [name]: (workload.spec.files ?? []).filter((file) => !args.files.includes(file)) };
    this.dataKeys = { [ENCRYPTION_KEY]: encryptionKeys };
    const further = [...args.hosts, ...args.redirects].map((host) => [hostPageName(host), this.http] as const);
    this.pages = { app: this.http, api: this.http, websocket: this.http, ...Object.fromEntries(further) };
    this.registerOutputs({
      ...shownWorkload(workload),
      database: args.database.name,
      files: bucket === undefined ? APP_VOLUME : bucketUrl(bucket),
    });
  }
}
