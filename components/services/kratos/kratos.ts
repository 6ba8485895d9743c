import { ComponentResource, output, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import { KRATOS_ADMIN_PORT, KRATOS_PUBLIC_PORT } from "./index.ts";
import type { Duration } from "../../model/units.ts";
import type { Endpoint, JobSpec, Ready, Resources, SecretFile, WorkloadSpec } from "../../model/workload.ts";
import { type Database, databaseAccess, trustFiles } from "../postgres/database.ts";
import { kratosConfiguration, kratosSecrets, type KratosSecretsArgs, type LoginSettings } from "./config.ts";
import { loginFiles } from "./files.ts";
import { callsApp } from "./hooks.ts";
import { isBeforeCalendar } from "./version.ts";
import { kratosObservability } from "./observability.ts";
import { dataKeys, secretValues, type SecretValues } from "../kit/secrets.ts";
import type { Made } from "../kit/made.ts";
import { JOB_RESOURCES, type ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";

export interface KratosArgs extends ServiceArgs<"kratos"> {
  readonly database: Database;
  /** URL under which browsers reach the public API. */
  readonly publicUrl: string;
  /** URL of the app, which has the pages for login and settings. */
  readonly appUrl: string;
  readonly sessionLifespan: Duration;
  /** The host whose pages, and those of every host below it, get the session's cookie. @default - the login's own alone */
  readonly cookieDomain?: string | undefined;
  /** How many serve side by side; 1 when it sends mail. */
  readonly replicas: number;
  /** How mails are sent. @default - no mail is sent */
  readonly mail?: { readonly from: string; readonly smtpUri: Output<string> } | undefined;
  /** What the settings say of the login itself. */
  readonly login: LoginSettings;
  /** Files of the project by their path there. */
  readonly projectFiles: Readonly<Record<string, string>>;
  /** The operator's secrets by name. */
  readonly ownSecrets: Readonly<Record<string, Output<string>>>;
  /** Where the app will listen inside of the stack; it starts later, because it waits for the login. */
  readonly app: Endpoint<"app">;
  /** What Kratos encrypts with, 32 characters. @default - a generated key */
  readonly cipher?: Output<string> | undefined;
}

/** Ory Kratos: the public API behind the proxy, the admin API inside only. */
export class Kratos extends ComponentResource implements Made {
  readonly pages: NonNullable<Made["pages"]>;

  readonly public: Endpoint<"app">;
  readonly admin: Endpoint;
  /** URL under which browsers reach the public API. */
  readonly url: string;
  readonly ready: Ready;
  readonly configuration: NonNullable<Made["configuration"]>;
  /** What Kratos encrypts with, and what it decrypts with. */
  readonly dataKeys: { readonly "kratos-cipher": SecretValues };

  constructor(name: string, args: KratosArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:Kratos", name, {}, opts);
    const image = args.image("kratos");
    const secret = { protect: args.protectData, rotation: args.rotation, parent: this };
    const ciphers = dataKeys("kratos-cipher", args.cipher, secret);
    const cookies = secretValues(`${name}-cookie`, secret);
    const pagination = isBeforeCalendar(image.tag) ? undefined : secretValues(`${name}-pagination`, secret);
    const secrets = secretFile(args, { cookies, ciphers, pagination });
    const migrate = args.platform.job(`${name}-migrate`, migrateJob({ ...args, image, secrets }), { parent: this });
    const workload = args.platform.workload(
      name,
      kratosWorkload({ ...args, image, secrets, dependsOn: [migrate.succeeded] }),
      { parent: this },
    );
    this.public = workload.endpoint("public");
    this.admin = workload.endpoint("admin");
    this.url = args.publicUrl;
    this.ready = workload.ready;
    this.configuration = { [name]: workload.spec.files ?? [] };
    this.dataKeys = { "kratos-cipher": ciphers };
    this.pages = { auth: this.public };
    this.registerOutputs({ ...shownWorkload(workload), database: args.database.name, url: args.publicUrl });
  }
}

const CONFIG_PATH = "/etc/config/kratos/kratos.yml";
const SECRETS_PATH = "/run/secrets/kratos.yml";
/** Later files win, so the secrets complete the plain configuration. */
const CONFIG_FLAGS = ["--config", CONFIG_PATH, "--config", SECRETS_PATH];

function secretFile(
  { database, replicas, mail, login, app, ownSecrets }: KratosArgs,
  keys: Pick<KratosSecretsArgs, "cookies" | "ciphers" | "pagination">,
): SecretFile {
  return {
    path: SECRETS_PATH,
    content: kratosSecrets({
      database,
      replicas,
      ...keys,
      smtpUri: mail?.smtpUri ?? output(undefined),
      login,
      appInside: inside(app),
      ownSecrets,
    }),
  };
}

export interface KratosContainerArgs extends Pick<
  KratosArgs,
  "database" | "publicUrl" | "appUrl" | "sessionLifespan" | "cookieDomain" | "mail" | "login" | "projectFiles" | "app"
> {
  readonly image: Image;
  readonly secrets: SecretFile;
}

function inside({ address }: Endpoint): string {
  return `http://${address}`;
}

function common({ image, secrets, database, app, projectFiles, ...config }: KratosContainerArgs) {
  return {
    image,
    files: [
      { path: CONFIG_PATH, content: kratosConfiguration({ ...config, appInside: inside(app), version: image.tag }) },
      ...loginFiles(config.login, projectFiles),
      ...trustFiles(database.server),
    ],
    secretFiles: [secrets],
    runAs: { uid: image.uid, gid: image.gid },
    readOnlyRoot: true,
    zone: "backend",
    connectsTo: databaseAccess(database).connectsTo,
  } as const satisfies Partial<WorkloadSpec>;
}

/** Brings the schema up to the image's version. Kratos must never run two of these at once, nor serve before one. */
export function migrateJob(args: KratosContainerArgs): JobSpec {
  return {
    ...common(args),
    args: [
      "migrate",
      "sql",
      ...(isBeforeCalendar(args.image.tag) ? [] : ["up"]),
      "--read-from-env",
      "--yes",
      ...CONFIG_FLAGS,
    ],
    resources: JOB_RESOURCES,
    egress: databaseAccess(args.database).egress,
    dependsOn: [args.database.ready],
  };
}

export function kratosWorkload(
  args: KratosContainerArgs &
    Pick<KratosArgs, "replicas"> & { readonly resources: Resources; readonly dependsOn: readonly Ready[] },
): WorkloadSpec<"app"> {
  return {
    ...common(args),
    connectsTo: [
      ...databaseAccess(args.database).connectsTo,
      ...(Object.values(args.login.webHooks).some(callsApp) ? [args.app] : []),
    ],
    // The app needs the login: alerts of two that need each other would mute each other.
    worksWithout: [args.app.workload],
    tier: "app",
    args: ["serve", "all", ...CONFIG_FLAGS, ...(args.mail === undefined ? [] : ["--watch-courier"])],
    resources: args.resources,
    replicas: args.replicas,
    ...(args.mail && { onlyOne: "its mail courier sends every mail that waits" }),
    // Mail servers and identity providers are outside.
    egress: true,
    ports: {
      public: { port: KRATOS_PUBLIC_PORT, exposure: "proxied" },
      admin: { port: KRATOS_ADMIN_PORT, exposure: "internal" },
    },
    probe: { kind: "http", port: "public", path: "/health/ready", interval: "2s" },
    metrics: { port: "admin", path: "/metrics/prometheus" },
    observability: kratosObservability(args.database.name),
    dependsOn: args.dependsOn,
  };
}
