import { fromDockerfile, notVerified } from "../../model/image-sources.ts";
import { officialImage } from "../kit/image-sources.ts";
import { BOTH_PLATFORMS, HUB } from "../../model/images.ts";
import type { PageSpec } from "../../model/page.ts";
import type { Size } from "../../model/size.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import { type DatabaseRequest, PASSWORD_REACHES } from "../postgres/roles.ts";
import type { postgres } from "../postgres/settings.ts";
import type { Service } from "../service.ts";
import { hostPageName } from "./hosts.ts";
import { pathOf } from "./paths-settings.ts";
import { appRules } from "./rules.ts";
import { migrated } from "../kit/migration-name.ts";
import { isSecretVariable } from "../kit/secret-variables.ts";
import { seedRules } from "./seed-rules.ts";
import { seed } from "./seed-settings.ts";
import { app as settings } from "./settings.ts";
import { slo } from "./slo-settings.ts";
import { storageRules } from "./storage-rules.ts";
import { storage } from "./storage-settings.ts";

/** The app's own database and role. */
export const APP_DATABASE = { name: "apprun", role: "apprun" } as const;

/** The key that the app encrypts its data with. */
export const ENCRYPTION_KEY = "apprun-encryption-key";

/** Its volume for files. */
export const APP_VOLUME = "apprun-storage";

type Sized = Slice<{ app: typeof settings; storage: typeof storage }>;

type Own = Slice<{ app: typeof settings }>;

const REPLICAS = {
  port: ({ app: { port } }: Own) => port,
  audience: "users",
  rate: "standard",
  healthPath: ({ app: { paths } }: Own) => paths.ready ?? pathOf(paths.health),
  balancing: ({ app: { balancing } }: Own) => balancing,
  hidden: ({ app: { paths } }: Own) => paths.hidden,
  headers: ({ app: { headers } }: Own) => headers,
} as const;

export const app = {
  name: "app",
  title: "App",
  purpose:
    "Your app, or the sample app: an API, pages and WebSockets. It has a database, a place for files and a connection to each service that is on.",
  guides: ["your-app.md"],
  settings: { app: settings, storage, slo, seed },
  images: {
    // No registry has it for everybody: images.pins.apprun says that the stack's own has (images.registry), and which tag.
    apprun: {
      registry: HUB,
      repository: "websoft9/apprun",
      tag: "1.0.0",
      platforms: BOTH_PLATFORMS,
      published: false,
      sources: notVerified("2026-11-28"),
      probeTool: "curl",
      uid: 10001,
      gid: 10001,
      touchesData: "it migrates its own tables when it starts",
    },
    sampleApp: {
      registry: HUB,
      repository: "library/node",
      tag: "22-alpine",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile(
        "2026-11-28",
        "https://github.com/nodejs/docker-node/blob/f27d936f7d7ccdeec25cd2de33584c1a841f561d/22/alpine3.24/Dockerfile",
        { platforms: officialImage("node") },
      ),
      probeTool: "wget",
      uid: 1000,
      gid: 1000,
    },
  },
  ownImages: ({ app: { image } }: Own) => (image === undefined ? {} : { apprun: image }),
  secretVariable: ({ app: own }: Own, workload: string, variable: string) =>
    migrated(workload) === "apprun" && isSecretVariable(own, variable),
  rotated: {
    "apprun-jwt": {
      reaches: "the app takes one: it refuses tokens that the old one signed, and their users log in again",
      restarts: "the app, and PostgREST unless it has a JWKS",
    },
    "postgres-provision-apprun": { reaches: PASSWORD_REACHES, restarts: "the app, and PgBouncer before it" },
  },
  dataKeys: {
    [ENCRYPTION_KEY]: {
      given: "encryptionKey",
      stays:
        "data is encrypted with this key and the app takes one key only, so a new one would make that data unreadable",
    },
  },
  givenSecrets: {
    encryptionKey:
      "Key that apprun encrypts its data with, instead of a generated one; `npm run keys` takes it from another stack",
    storageAccessKeyId: "Key id of the object storage of storage.s3",
    storageSecretAccessKey: "Key of the object storage of storage.s3",
  },
  rules: [...appRules, ...storageRules, ...seedRules],
  target: { name: "apprun" },
  outsideServers: ({ storage: { s3 } }: Slice<{ storage: typeof storage }>) => [
    { setting: "storage.s3.endpoint", at: s3?.endpoint },
  ],
  sizes: ({ app: { resources, replicas, storage: size }, storage: { mode } }: Sized): readonly Size[] => [
    { workload: "apprun", resources, replicas, ...(mode === "local" && { volumes: { [APP_VOLUME]: size } }) },
  ],
  pages: [
    { name: "app", ...REPLICAS, staticPaths: ["/assets/", "/static/"] },
    { name: "api", label: "api", ...REPLICAS },
    { name: "websocket", path: "/ws", ...REPLICAS },
  ],
  ownPages: (given: Own): readonly PageSpec<unknown>[] => {
    const { hosts, redirects, port } = given.app;
    const page = (host: string) => ({
      name: hostPageName(host),
      host,
      port,
      audience: "users" as const,
      rate: "standard" as const,
      healthPath: () => REPLICAS.healthPath(given),
      hidden: () => given.app.paths.hidden,
      headers: () => given.app.headers,
      balancing: () => given.app.balancing,
    });
    return [...hosts.map(page), ...redirects.map((host) => ({ ...page(host), redirects: true }))];
  },
  roles: ({
    app: own,
    postgres: { extensions },
  }: Slice<{ app: typeof settings; postgres: typeof postgres }>): readonly DatabaseRequest[] => [
    {
      role: APP_DATABASE.role,
      databases: [APP_DATABASE.name],
      connectionLimit: own.dbMaxConnections,
      limitedBy: "app.dbMaxConnections",
      mayPool: true,
      statementTimeout: own.dbStatementTimeout,
      idleInTransactionTimeout: own.dbIdleTransactionTimeout,
      extensions,
    },
  ],
} as const satisfies Service;
