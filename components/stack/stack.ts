import { all, ComponentResource, type Output } from "@pulumi/pulumi";
import { qualifiedName } from "../model/identity.ts";
import type { Inventory } from "../model/inventory.ts";
import { ROOT_PATH } from "../model/page.ts";
import { createPlatform } from "../platform/create.ts";
import { App } from "../services/app/app.ts";
import { APP_DATABASE } from "../services/app/index.ts";
import { appLink } from "../services/app/link.ts";
import { seedJob } from "../services/app/seed.ts";
import { BackupMetrics } from "../services/backup/metrics.ts";
import { cacheLink } from "../services/cache/link.ts";
import { cacheLogins } from "../services/cache/server.ts";
import { selectImage } from "../services/catalogue.ts";
import { Centrifugo } from "../services/centrifugo/centrifugo.ts";
import { centrifugoLink } from "../services/centrifugo/link.ts";
import { Jaeger } from "../services/jaeger/jaeger.ts";
import { jaegerLink } from "../services/jaeger/link.ts";
import type { Link } from "../services/kit/link.ts";
import { gather, type Login, type Made } from "../services/kit/made.ts";
import { appEndpoint } from "../services/app/endpoint.ts";
import { Kratos } from "../services/kratos/kratos.ts";
import { kratosLink } from "../services/kratos/link.ts";
import { natsLink } from "../services/nats/link.ts";
import { Nats } from "../services/nats/nats.ts";
import { Seaweedfs } from "../services/seaweedfs/seaweedfs.ts";
import { temporalLink } from "../services/temporal/link.ts";
import { historyShards } from "../services/temporal/history-shards.ts";
import { Temporal } from "../services/temporal/temporal.ts";
import { appArgs, sampleOf } from "./app-args.ts";
import { createBackup } from "./backups.ts";
import { createCache } from "./caches.ts";
import { createDataApi, dataApiLink } from "./data-api.ts";
import { createDatabases } from "./databases.ts";
import { createEdge } from "./edge.ts";
import { wayIn } from "./ingress.ts";
import { createLogs } from "./logs.ts";
import { createMonitoring } from "./monitoring.ts";
import { createOwnServices } from "./own-services.ts";
import { operatorLogins } from "./operators.ts";
import { createPooler } from "./pooler.ts";
import { pageNamed, routesOf, withoutMetrics } from "./pages.ts";
import { registryLogins } from "./registries.ts";
import type { Settings } from "./settings.ts";
import { sharedArgs } from "./shared.ts";

/** A whole stack: every service of the settings, on the platform of the settings. */
export class Stack extends ComponentResource {
  /** URL of each page, by route name. */
  readonly urls: Readonly<Record<string, string>>;
  /** Certificate in PEM that clients must trust; only with `tls.mode` local-ca. */
  readonly localCa: Output<string> | undefined;
  /** The command that opens the way to a page, where its URL alone does not; by route name. */
  readonly access: Readonly<Record<string, string>>;
  /** The workload behind each page, by route name. */
  readonly pages: Readonly<Record<string, string>>;
  /** How operators log in, by the name of what they log in to. */
  readonly credentials: Readonly<Record<string, Login>>;
  /** What data is encrypted with: a stack that takes over this one's data needs them. */
  readonly dataKeys: Readonly<Record<string, Output<string>>>;
  /** What the runtime calls the volumes that hold data; known once they are made. */
  readonly dataVolumes: Output<readonly string[]>;
  /** What the stack consists of; holds no secret. */
  readonly inventory: Inventory;

  constructor(settings: Settings) {
    super("apprun:stack:Stack", settings.identity.stack);
    const child = { parent: this };
    const { identity } = settings;
    const platform = createPlatform(
      { ...settings, kubeconfig: settings.secrets.kubeconfig, logins: registryLogins(settings) },
      (name) => selectImage(name, settings.images),
      this,
    );
    const shared = sharedArgs(settings, platform);

    const loki = createLogs(settings, shared, this);
    const way = wayIn(settings, this);
    const ingress = platform.ingress("proxy", way.spec, child);
    const url = (name: string) => {
      const page = pageNamed(settings, name);
      return ingress.url(page.host, page.audience, page);
    };
    const databases = createDatabases(settings, shared, this);
    const cache = createCache(settings, shared, this);
    const login = {
      database: databases.database("kratos"),
      publicUrl: url("auth"),
      appUrl: url("app"),
      cookieDomain: settings.kratos.sessionCookie === "domain" ? settings.domain : undefined,
      mail: mailOf(settings),
      login: settings.kratos,
      projectFiles: settings.projectFiles,
      ownSecrets: settings.ownSecrets,
      app: appEndpoint(settings.app),
    };
    const kratos = new Kratos(
      "kratos",
      { ...shared, ...settings.kratos, ...login, cipher: settings.secrets.kratosCipher },
      child,
    );
    const stores = { store: databases.database("temporal"), visibility: databases.database("temporal_visibility") };
    const temporal =
      settings.temporal.enabled &&
      new Temporal(
        "temporal",
        {
          ...shared,
          ...settings.temporal,
          ...stores,
          historyShards: historyShards(settings.temporal, settings.environment),
          uiUrl: url("temporal"),
        },
        child,
      );
    const nats = settings.nats.enabled && new Nats("nats", { ...shared, ...settings.nats }, child);
    const realtime = { cache, stack: qualifiedName(identity), appUrl: url("app"), url: url("realtime") };
    const centrifugo =
      settings.centrifugo.enabled &&
      new Centrifugo("centrifugo", { ...shared, ...settings.centrifugo, ...realtime }, child);
    const seaweedfs =
      settings.storage.mode === "local-s3" &&
      new Seaweedfs("seaweedfs", { ...shared, ...settings.seaweedfs, isBackedUp: settings.backup.enabled }, child);
    const jaeger = settings.tracing.enabled && new Jaeger("jaeger", { ...shared, ...settings.tracing }, child);
    const links = linksOf({
      cache: cacheLink(cache),
      kratos: kratosLink(kratos),
      temporal: temporal && temporalLink(temporal),
      nats: nats && natsLink(nats),
      centrifugo: centrifugo && centrifugoLink(centrifugo),
      postgrest: dataApiLink(settings, url("app")),
      // The settings give a percentage, the SDKs take a part.
      jaeger:
        jaeger && jaegerLink({ spans: jaeger.spans, sampling: settings.tracing.sampling / 100, stack: identity.stack }),
    });
    const database = databases.database(APP_DATABASE.name);
    const pooler = createPooler(settings, shared, databases, this);
    const app = new App(
      "apprun",
      {
        ...shared,
        ...appArgs(settings),
        ...(seaweedfs && { bucket: seaweedfs.bucket }),
        sample: sampleOf(settings, url),
        url: url("app"),
        database: pooler?.before(database) ?? database,
        links: Object.values(links),
      },
      child,
    );
    const dataApi = createDataApi(settings, shared, { databases, app, appUrl: url("app") }, this);
    const known = { ...links, ...(dataApi && { postgrest: dataApi.link }), apprun: appLink(app) };
    const own = createOwnServices(settings, shared, { databases, pooler, links: known, app: app.ready, url }, this);
    const { files } = settings.seed;
    if (files.length > 0)
      platform.job(
        "apprun-seed",
        seedJob({ paths: files, database, image: shared.image("postgres"), dependsOn: [app.ready] }),
        child,
      );
    // Before Prometheus, which scrapes it, and so apart from the backup, which needs Prometheus's volume.
    const metrics =
      settings.backup.enabled &&
      new BackupMetrics(
        "backup-metrics",
        { ...shared, ...settings.backup, isScraped: settings.prometheus.enabled },
        child,
      );
    const made: Made[] = [
      databases,
      { logins: cacheLogins(cache) },
      kratos,
      temporal,
      nats,
      centrifugo,
      seaweedfs,
      jaeger,
      loki,
      app,
      dataApi?.service,
      ...own,
    ].filter(isMade);
    const tables = [kratos.ready, ...(temporal ? [temporal.ready] : [])];
    const sources = made.flatMap(({ dataSource }) => dataSource ?? []);
    const urls = { grafana: url("grafana"), alertmanager: url("alertmanager") };
    made.push(
      ...createMonitoring(
        { settings, shared, databases, pooler, cache, nats: nats || undefined, sources, tables, urls },
        this,
      ),
    );
    if (metrics) made.push(createBackup(settings, shared, { databases, metrics, made }, this));

    const routes = withoutMetrics(routesOf(settings, gather(made, "pages")), platform.workloads());
    ingress.route(routes);
    made.push(operatorLogins(way.operators, routes));
    const served = routes.filter(({ audience }) => ingress.serves(audience));
    made.push(createEdge(settings, shared, { way, ingress, routes: served }, this));

    this.urls = Object.fromEntries(
      routes.map(({ name, path, host, audience, to }) => [
        name,
        new URL(path ?? ROOT_PATH, ingress.url(host, audience, to)).href,
      ]),
    );
    this.localCa = way.localCa;
    this.access = Object.fromEntries(
      routes.flatMap((route) => {
        const command = ingress.access(route);
        return command === undefined ? [] : [[route.name, command]];
      }),
    );
    this.pages = Object.fromEntries(routes.map(({ name, to }) => [name, to.workload]));
    this.credentials = gather(made, "logins");
    this.dataKeys = Object.fromEntries(
      Object.entries(gather(made, "dataKeys")).map(([name, [current]]) => [name, current]),
    );
    this.dataVolumes = all(platform.volumes().flatMap(({ id, spec }) => (spec.retention === "data" ? [id] : []))).apply(
      (ids) => [...ids].sort(),
    );
    this.inventory = platform.inventory();
    this.registerOutputs({ urls: this.urls, pages: this.pages });
  }
}

/** Services that are off are `false` or absent. */
function isMade<T>(each: T | false | undefined): each is T {
  return each !== false && each !== undefined;
}

/** The links of what is on, by the name that own services connect to. */
function linksOf(all: Readonly<Record<string, Link | false | undefined>>): Readonly<Record<string, Link>> {
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, link]): [string, Link][] => (isMade(link) ? [[name, link]] : [])),
  );
}

function mailOf({ kratos, secrets }: Settings) {
  if (kratos.mailFrom === undefined || secrets.smtpUri === undefined) return undefined;
  return { from: kratos.mailFrom, smtpUri: secrets.smtpUri };
}
