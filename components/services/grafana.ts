import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { Image } from "../model/images.js";
import type { Bytes } from "../model/units.js";
import type { ConfigFile, Endpoint, Mount, Resources, WorkloadSpec } from "../model/workload.js";
import overview from "./grafana/overview.json" with { type: "json" };
import { generatedSecret } from "./secrets.js";
import type { ServiceArgs } from "./service-args.js";

export const GRAFANA_ADMIN = "apprun-admin";

/** The port of its pages. */
export const GRAFANA_PORT = 3000;

export interface GrafanaArgs extends ServiceArgs {
  readonly prometheus: Endpoint;
  /** URL under which browsers reach it. */
  readonly url: string;
  readonly storage: Bytes;
}

/** Grafana with a generated admin password, one data source and one dashboard. */
export class Grafana extends ComponentResource {
  readonly http: Endpoint;
  readonly adminPassword: Output<string>;

  constructor(name: string, args: GrafanaArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:Grafana", name, {}, opts);
    this.adminPassword = generatedSecret(`${name}-admin`, { protect: args.protectData, parent: this });
    const volume = args.platform.volume(name, { size: args.storage, retention: "data" }, { parent: this });
    const workload = args.platform.workload(
      name,
      grafanaWorkload({ ...args, image: args.image("grafana"), adminPassword: this.adminPassword, data: { volume, path: "/var/lib/grafana" } }),
      { parent: this },
    );
    this.http = workload.endpoint("http");
    this.registerOutputs({});
  }
}

export interface GrafanaWorkloadArgs extends Pick<GrafanaArgs, "prometheus" | "url"> {
  readonly image: Image;
  readonly adminPassword: Output<string>;
  readonly data: Mount;
  readonly resources: Resources;
}

const PASSWORD_FILE = "/run/secrets/grafana-admin-password";

export function grafanaWorkload({ image, adminPassword, data, resources, prometheus, url }: GrafanaWorkloadArgs): WorkloadSpec<"app"> {
  return {
    tier: "app",
    zone: "backend",
    image,
    env: {
      GF_SECURITY_ADMIN_USER: GRAFANA_ADMIN,
      GF_SECURITY_ADMIN_PASSWORD__FILE: PASSWORD_FILE,
      GF_SERVER_ROOT_URL: url,
      GF_USERS_ALLOW_SIGN_UP: "false",
      GF_AUTH_ANONYMOUS_ENABLED: "false",
      GF_ANALYTICS_REPORTING_ENABLED: "false",
      GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
      GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
      GF_PLUGINS_PREINSTALL_DISABLED: "true",
    },
    files: provisioningFiles(prometheus),
    secretFiles: [{ path: PASSWORD_FILE, content: adminPassword }],
    mounts: [data],
    resources,
    runAs: { uid: image.uid, gid: image.gid },
    ports: { http: { port: GRAFANA_PORT, exposure: "proxied" } },
    probe: { kind: "http", port: "http", path: "/api/health" },
    metrics: { port: "http", path: "/metrics" },
    connectsTo: [prometheus],
  };
}

const PROVISIONING = "/etc/grafana/provisioning";
const DASHBOARDS = "/etc/grafana/dashboards";

/** Data source and dashboards, in the classic form that file provisioning takes. */
export function provisioningFiles(prometheus: Endpoint): readonly ConfigFile[] {
  const datasource = {
    name: "Prometheus",
    uid: "prometheus",
    type: "prometheus",
    access: "proxy",
    url: `http://${prometheus.address}`,
    isDefault: true,
    editable: false,
  };
  const provider = { name: "apprun", folder: "apprun", type: "file", disableDeletion: true, allowUiUpdates: false, options: { path: DASHBOARDS } };
  return [
    { path: `${PROVISIONING}/datasources/prometheus.yml`, content: stringify({ apiVersion: 1, datasources: [datasource] }) },
    { path: `${PROVISIONING}/dashboards/apprun.yml`, content: stringify({ apiVersion: 1, providers: [provider] }) },
    { path: `${DASHBOARDS}/overview.json`, content: `${JSON.stringify(overview, null, 2)}\n` },
  ];
}
