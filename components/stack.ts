import { ComponentResource, type Output } from "@pulumi/pulumi";
import type { Settings } from "./config/settings.js";
import { createDatabases } from "./databases.js";
import { selectImage, type ImageName } from "./model/images.js";
import type { Inventory } from "./model/inventory.js";
import { createPlatform } from "./platform/create.js";
import { hostsOf, routesOf } from "./routes.js";
import { App, APP_PORT } from "./services/app.js";
import { Cache } from "./services/cache.js";
import { Grafana, GRAFANA_ADMIN, GRAFANA_PORT } from "./services/grafana.js";
import { Kratos, KRATOS_PUBLIC_PORT } from "./services/kratos.js";
import { Prometheus, prometheusEndpoint } from "./services/prometheus.js";
import { Temporal } from "./services/temporal.js";

/** How an operator logs in to a service. */
export interface Credentials {
  readonly username: string;
  readonly password: Output<string>;
}

/** A whole stack: every service of the settings, on the platform of the settings. */
export class Stack extends ComponentResource {
  /** URL of each page, by route name. */
  readonly urls: Readonly<Record<string, string>>;
  /** The command that opens the way to a page, where its URL alone does not; by route name. */
  readonly access: Readonly<Record<string, string>>;
  /** The workload behind each page, by route name. */
  readonly pages: Readonly<Record<string, string>>;
  /** By workload name. */
  readonly credentials: Readonly<Record<string, Credentials>>;
  /** What the stack consists of; holds no secret. */
  readonly inventory: Inventory;

  constructor(settings: Settings) {
    super("apprun:stack:Stack", settings.identity.stack);
    const child = { parent: this };
    const image = (name: ImageName) => selectImage(name, settings.images);
    const platform = createPlatform({ ...settings, kubeconfig: settings.secrets.kubeconfig }, image, this);
    const shared = { platform, image, protectData: settings.volumes.protect };
    const hosts = hostsOf(settings.domain);

    const ingress = platform.ingress("proxy", settings.proxy, child);
    const appUrl = ingress.url(hosts.app, "public", { port: APP_PORT });
    const { databases, superuserPassword } = createDatabases(settings, shared, this);
    const cache = new Cache("cache", { ...shared, ...settings.cache }, child);
    const kratos = new Kratos(
      "kratos",
      {
        ...shared,
        ...settings.kratos,
        database: databases.kratos,
        publicUrl: ingress.url(hosts.auth, "public", { port: KRATOS_PUBLIC_PORT }),
        appUrl,
        mail: mailOf(settings),
      },
      child,
    );
    const temporal = settings.temporal.enabled
      ? new Temporal("temporal", { ...shared, ...settings.temporal, store: databases.temporal, visibility: databases.temporalVisibility }, child)
      : undefined;
    const app = new App("apprun", { ...shared, ...settings.app, database: databases.apprun, cache, kratos, temporal }, child);
    const grafana = settings.grafana.enabled
      ? new Grafana(
          "grafana",
          { ...shared, ...settings.grafana, prometheus: prometheusEndpoint("prometheus"), url: ingress.url(hosts.grafana, "team", { port: GRAFANA_PORT }) },
          child,
        )
      : undefined;
    const prometheus = settings.prometheus.enabled
      ? new Prometheus("prometheus", { ...shared, ...settings.prometheus, workloads: platform.workloads() }, child)
      : undefined;

    const routes = routesOf(settings, { app: app.http, kratos: kratos.public, grafana: grafana?.http, prometheus: prometheus?.http, temporalUi: temporal?.ui });
    ingress.route(routes);

    this.urls = Object.fromEntries(routes.map(({ name, host, audience, to }) => [name, ingress.url(host, audience, to)]));
    this.access = Object.fromEntries(
      routes.flatMap((route) => [[route.name, ingress.access(route)]]).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    this.pages = Object.fromEntries(routes.map(({ name, to }) => [name, to.workload]));
    this.credentials = {
      ...(superuserPassword && { postgres: { username: "postgres", password: superuserPassword } }),
      cache: { username: "default", password: cache.password },
      ...(grafana && { grafana: { username: GRAFANA_ADMIN, password: grafana.adminPassword } }),
    };
    this.inventory = platform.inventory();
    this.registerOutputs({});
  }
}

function mailOf({ kratos, secrets }: Settings) {
  if (kratos.mailFrom === undefined || secrets.smtpUri === undefined) return undefined;
  return { from: kratos.mailFrom, smtpUri: secrets.smtpUri };
}
