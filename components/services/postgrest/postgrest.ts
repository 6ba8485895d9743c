import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Ready, WorkloadSpec } from "../../model/workload.ts";
import type { Made } from "../kit/made.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";
import { databaseAccess, databaseUrl, trustFiles, type Database, type ServerLogin } from "../postgres/database.ts";
import { API_PORT } from "./index.ts";
import type { POSTGREST } from "./link.ts";
import { postgrestObservability } from "./observability.ts";
import { schemaJob } from "./schema-job.ts";

export interface PostgrestArgs extends ServiceArgs<"postgrest" | "postgres"> {
  /** The app's database. */
  readonly database: Database;
  /** Who logs in. */
  readonly login: ServerLogin;
  /** What the server calls the roles that it becomes. */
  readonly roles: { readonly anonymous: string; readonly authenticated: string };
  readonly schemas: readonly string[];
  /** Whether requests without a token are served. */
  readonly anonymous: boolean;
  /** What tokens are checked with: the app's key, or the text of a JWKS with public keys. */
  readonly keys: Output<string> | string;
  /** @default - a token may name every audience */
  readonly audience?: string | undefined;
  /** Function that runs before each request. @default - none */
  readonly preRequest?: string | undefined;
  /** Origins of pages that may call it. */
  readonly origins: readonly string[];
  /** Connections of each replica. */
  readonly pool: number;
  readonly maxRows: number;
  readonly logLevel: string;
  readonly replicas: number;
  /** URL under which browsers reach it. @default - they do not */
  readonly browsers?: string | undefined;
  /** What brings the app's tables to what they are. */
  readonly app: { readonly version: string; readonly ready: Ready };
}

/** PostgREST: the app's database over HTTP. It starts after the app, which makes what it serves. */
export class Postgrest extends ComponentResource implements Made {
  readonly pages: NonNullable<Made["pages"]>;

  readonly ready: Ready;

  constructor(name: typeof POSTGREST, args: PostgrestArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:Postgrest", name, {}, opts);
    const { succeeded } = args.platform.job(
      `${name}-schema`,
      schemaJob({
        image: args.image("postgres"),
        database: args.database,
        schemas: args.schemas,
        roles: [args.roles.anonymous, args.roles.authenticated],
        after: args.app.version,
        dependsOn: [args.app.ready],
      }),
      { parent: this },
    );
    const workload = args.platform.workload(name, postgrestWorkload({ ...args, dependsOn: [succeeded] }), {
      parent: this,
    });
    this.ready = workload.ready;
    this.pages = args.browsers === undefined ? {} : { data: workload.endpoint("http") };
    this.registerOutputs({ ...shownWorkload(workload), database: args.database.name, url: args.browsers });
  }
}

/** The program and all that the image has. */
const PROGRAM = "/bin/postgrest";
/** Its own port for figures and its state, which asks nobody who they are: it shows the schema and the settings too. */
const ADMIN_PORT = 3001;
const DATABASE_FILE = "/run/secrets/database-url";
const KEY_FILE = "/run/secrets/jwt-key";
const KEY_SET_FILE = "/etc/postgrest/jwks.json";

export interface PostgrestWorkloadArgs extends Omit<PostgrestArgs, "platform" | "protectData" | "rotation" | "app"> {
  readonly dependsOn: readonly Ready[];
}

export function postgrestWorkload(args: PostgrestWorkloadArgs): WorkloadSpec<"app"> {
  const { database, login, keys, resources, replicas, browsers, dependsOn } = args;
  const image = args.image("postgrest");
  const { server } = login;
  const isKeySet = typeof keys === "string";
  return {
    tier: "app",
    zone: "backend",
    image,
    entrypoint: [PROGRAM],
    env: { ...variables(args), PGRST_JWT_SECRET: `@${isKeySet ? KEY_SET_FILE : KEY_FILE}` },
    files: [...(isKeySet ? [{ path: KEY_SET_FILE, content: keys }] : []), ...trustFiles(server)],
    secretFiles: [
      { path: DATABASE_FILE, content: databaseUrl({ ...database, ...login }) },
      ...(isKeySet ? [] : [{ path: KEY_FILE, content: keys }]),
    ],
    resources,
    runAs: { uid: image.uid, gid: image.gid },
    readOnlyRoot: true,
    replicas,
    ports: {
      http: { port: API_PORT, exposure: browsers === undefined ? "internal" : "proxied" },
      admin: { port: ADMIN_PORT, exposure: "internal" },
    },
    // It asks its own port of figures, and answers once it has the schema and a connection.
    probe: { kind: "exec", command: [PROGRAM, "--ready"], interval: "2s" },
    metrics: { port: "admin", path: "/metrics" },
    observability: postgrestObservability(),
    ...databaseAccess({ server }),
    dependsOn: [login.ready, ...dependsOn],
  };
}

/** Its settings under its own names. Secrets are files that these name. */
function variables(args: PostgrestWorkloadArgs): Record<string, string> {
  const { schemas, anonymous, roles, audience, preRequest, origins, pool, maxRows, logLevel, browsers } = args;
  return {
    PGRST_ADMIN_SERVER_PORT: String(ADMIN_PORT),
    ...(anonymous && { PGRST_DB_ANON_ROLE: roles.anonymous }),
    PGRST_DB_MAX_ROWS: String(maxRows),
    PGRST_DB_POOL: String(pool),
    ...(preRequest !== undefined && { PGRST_DB_PRE_REQUEST: preRequest }),
    PGRST_DB_SCHEMAS: schemas.join(","),
    PGRST_DB_URI: `@${DATABASE_FILE}`,
    ...(audience !== undefined && { PGRST_JWT_AUD: audience }),
    PGRST_LOG_LEVEL: logLevel,
    ...(browsers !== undefined && { PGRST_OPENAPI_SERVER_PROXY_URI: browsers }),
    PGRST_SERVER_CORS_ALLOWED_ORIGINS: origins.join(","),
    // Special names such as !4 are refused by its own check of whether it is ready.
    PGRST_SERVER_HOST: "0.0.0.0",
    PGRST_SERVER_PORT: String(API_PORT),
  };
}
