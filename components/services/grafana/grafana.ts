import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { Image } from "../../model/images.ts";
import { GRAFANA_PORT } from "./index.ts";
import type { Bytes } from "../../model/units.ts";
import type { Mount } from "../../model/volume.ts";
import type { ConfigFile, Endpoint, Resources, WorkloadSpec } from "../../model/workload.ts";
import type { Dashboard } from "../../model/observability.ts";
import { classicDashboard } from "./dashboards.ts";
import { DATABASE_PASSWORD_FILE, dataSources, sourceEndpoints, type GrafanaSources } from "./sources.ts";
import { databaseAccess, trustFiles } from "../postgres/database.ts";
import { secretValues } from "../kit/secrets.ts";
import type { Made } from "../kit/made.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";

export const GRAFANA_ADMIN = "apprun-admin";

/** A first generation is not set again, so the next one has to be. */
const OLD_PASSWORD =
  "its database has the administrator's old password: set apprun:rotation.grafana-admin to 2 and run npm run up";

export interface GrafanaArgs extends ServiceArgs<"grafana">, GrafanaSources {
  /** URL under which browsers reach it. */
  readonly url: string;
  readonly storage: Bytes;
  readonly dashboards: readonly Dashboard[];
}

/** Grafana with a generated admin password, its data sources and the dashboards of the services that are on. */
export class Grafana extends ComponentResource implements Made {
  readonly pages: NonNullable<Made["pages"]>;
  readonly logins: NonNullable<Made["logins"]>;

  readonly http: Endpoint<"app">;
  readonly adminPassword: Output<string>;

  constructor(name: string, args: GrafanaArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:Grafana", name, {}, opts);
    const [password, ...before] = secretValues(`${name}-admin`, {
      protect: args.protectData,
      rotation: args.rotation,
      parent: this,
    });
    this.adminPassword = password;
    const image = args.image("grafana");
    const resetsPassword = before.length > 0;
    // Users, and dashboards that were made by hand.
    const data = args.platform.volume(
      name,
      {
        size: args.storage,
        retention: "data",
        backup: { files: { gid: image.gid } },
        ...(!resetsPassword && { ifForgotten: { then: OLD_PASSWORD } }),
      },
      { parent: this },
    );
    const workload = args.platform.workload(
      name,
      grafanaWorkload({
        ...args,
        image,
        adminPassword: this.adminPassword,
        resetsPassword,
        data: { volume: data, path: "/var/lib/grafana" },
      }),
      { parent: this },
    );
    this.http = workload.endpoint("http");
    this.pages = { grafana: this.http };
    this.logins = { grafana: { username: GRAFANA_ADMIN, password: this.adminPassword } };
    this.registerOutputs(shownWorkload(workload));
  }
}

export interface GrafanaWorkloadArgs extends GrafanaSources, Pick<GrafanaArgs, "dashboards" | "url"> {
  readonly image: Image;
  readonly adminPassword: Output<string>;
  /** Whether the database may have another password, which must be set again. */
  readonly resetsPassword: boolean;
  readonly data: Mount;
  readonly resources: Resources;
}

const PASSWORD_FILE = "/run/secrets/grafana-admin-password";

/** Grafana takes the password from its file only when it makes its database; the image's own start script follows. */
function resetPassword(data: string): string {
  const reset = `grafana cli --homepath /usr/share/grafana admin reset-admin-password --password-from-stdin <${PASSWORD_FILE}`;
  return `if [ -e ${data}/grafana.db ]; then ${reset} || exit 1; fi; exec /run.sh`;
}

export function grafanaWorkload({
  image,
  adminPassword,
  resetsPassword,
  data,
  resources,
  url,
  dashboards,
  ...sources
}: GrafanaWorkloadArgs): WorkloadSpec<"app"> {
  const { database } = sources;
  const access = database && databaseAccess(database);
  return {
    tier: "app",
    zone: "backend",
    image,
    ...(resetsPassword && { entrypoint: ["sh", "-c"], args: [resetPassword(data.path)] }),
    env: {
      GF_SECURITY_ADMIN_USER: GRAFANA_ADMIN,
      GF_SECURITY_ADMIN_PASSWORD__FILE: PASSWORD_FILE,
      GF_SERVER_ROOT_URL: url,
      ...(url.startsWith("https:") && { GF_SECURITY_COOKIE_SECURE: "true" }),
      GF_USERS_ALLOW_SIGN_UP: "false",
      GF_AUTH_ANONYMOUS_ENABLED: "false",
      GF_ANALYTICS_REPORTING_ENABLED: "false",
      GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
      GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
      GF_PLUGINS_PREINSTALL_DISABLED: "true",
    },
    files: [
      ...provisioningFiles({ ...sources, dashboards }),
      ...(database === undefined ? [] : trustFiles(database.server)),
    ],
    secretFiles: [
      { path: PASSWORD_FILE, content: adminPassword },
      ...(database === undefined ? [] : [{ path: DATABASE_PASSWORD_FILE, content: database.password }]),
    ],
    mounts: [data],
    resources,
    runAs: { uid: image.uid, gid: image.gid },
    ports: { http: { port: GRAFANA_PORT, exposure: "proxied" } },
    probe: { kind: "http", port: "http", path: "/api/health" },
    metrics: { port: "http", path: "/metrics" },
    observability: { service: "grafana" },
    connectsTo: [...sourceEndpoints(sources), ...(access?.connectsTo ?? [])],
    egress: access?.egress ?? false,
    dependsOn: database === undefined ? [] : [database.ready],
  };
}

const PROVISIONING = "/etc/grafana/provisioning";
const DASHBOARDS = "/etc/grafana/dashboards";

/** Data sources and dashboards, in the classic form that file provisioning takes. */
export function provisioningFiles({
  dashboards,
  ...sources
}: GrafanaSources & Pick<GrafanaArgs, "dashboards">): readonly ConfigFile[] {
  const provider = {
    name: "apprun",
    folder: "apprun",
    type: "file",
    disableDeletion: true,
    allowUiUpdates: false,
    options: { path: DASHBOARDS },
  };
  return [
    {
      path: `${PROVISIONING}/datasources/apprun.yml`,
      content: stringify({ apiVersion: 1, datasources: dataSources(sources) }),
    },
    { path: `${PROVISIONING}/dashboards/apprun.yml`, content: stringify({ apiVersion: 1, providers: [provider] }) },
    ...dashboards.map((dashboard) => ({
      path: `${DASHBOARDS}/${dashboard.uid}.json`,
      content: `${JSON.stringify(classicDashboard(dashboard), null, 2)}\n`,
    })),
  ];
}
