import { ComponentResource, type Input, type Output } from "@pulumi/pulumi";
import { createBackup, type DataKeys } from "./backups.ts";
import { createCache } from "./caches.ts";
import type { Settings } from "./settings.ts";
import { createDatabases } from "./databases.ts";
import { createLogs } from "./logs.ts";
import { createMonitoring } from "./monitoring.ts";
import { selectImage, type ImageName } from "../services/catalogue.ts";
import type { Inventory } from "../model/inventory.ts";
import { ROOT_PATH } from "../model/page.ts";
import { createPlatform } from "../platform/create.ts";
import { pageNamed, routesOf } from "./pages.ts";
import { rotationOf } from "./rotation.ts";
import { App } from "../services/app/app.ts";
import { BackupMetrics } from "../services/backup/metrics.ts";
import { GRAFANA_ADMIN } from "../services/grafana/grafana.ts";
import { Jaeger } from "../services/jaeger/jaeger.ts";
import { Kratos } from "../services/kratos/kratos.ts";
import { Nats, NATS_USER } from "../services/nats/nats.ts";
import { seedJob } from "../services/app/seed.ts";
import { CloudflareEdge } from "../edge/cloudflare-edge.ts";
import { edgeOwner } from "../edge/owner.ts";
import { Temporal } from "../services/temporal/temporal.ts";
import { wayIn } from "./ingress.ts";

/** How an operator logs in to a service. */
export interface Credentials {
  readonly username: Input<string>;
  readonly password: Output<string>;
}

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
  /** By workload name. */
  readonly credentials: Readonly<Record<string, Credentials>>;
  /** What data is encrypted with: a stack that takes over this one's data needs them. */
  readonly dataKeys: DataKeys;
  /** What the stack consists of; holds no secret. */
  readonly inventory: Inventory;

  constructor(settings: Settings) {
    super("apprun:stack:Stack", settings.identity.stack);
    const child = { parent: this };
    const image = (name: ImageName) => selectImage(name, settings.images);
    const platform = createPlatform({ ...settings, kubeconfig: settings.secrets.kubeconfig }, image, this);
    const shared = { platform, image, protectData: settings.volumes.protect, rotation: rotationOf(settings) };

    const loki = createLogs(settings, shared, this);
    const way = wayIn(settings, this);
    const ingress = platform.ingress("proxy", way.spec, child);
    const url = (name: string) => {
      const page = pageNamed(settings, name);
      return ingress.url(page.host, page.audience, page);
    };
    const server = createDatabases(settings, shared, this);
    const { databases, administrator } = server;
    const cache = createCache(settings, shared, this);
    const kratos = new Kratos(
      "kratos",
      {
        ...shared,
        ...settings.kratos,
        database: databases.kratos,
        publicUrl: url("auth"),
        appUrl: url("app"),
        mail: mailOf(settings),
        cipher: settings.secrets.kratosCipher,
      },
      child,
    );
    const temporal = settings.temporal.enabled
      ? new Temporal("temporal", { ...shared, ...settings.temporal, store: databases.temporal, visibility: databases.temporalVisibility }, child)
      : undefined;
    const nats = settings.nats.enabled ? new Nats("nats", { ...shared, ...settings.nats }, child) : undefined;
    const jaeger = settings.tracing.enabled ? new Jaeger("jaeger", { ...shared, ...settings.tracing }, child) : undefined;
    const app = new App(
      "apprun",
      {
        ...shared,
        ...settings.app,
        bucket: bucketOf(settings),
        objectives: objectivesOf(settings),
        tracing: tracingOf(settings, jaeger),
        encryptionKey: settings.secrets.encryptionKey,
        database: databases.apprun,
        cache,
        nats,
        kratos,
        temporal,
      },
      child,
    );
    if (settings.seed.files.length > 0)
      platform.job("apprun-seed", seedJob({ paths: settings.seed.files, database: databases.apprun, image: image("postgres"), dependsOn: [app.ready] }), child);
    // Before Prometheus, which scrapes it, and so apart from the backup, which needs Prometheus's volume.
    const metrics = settings.backup.enabled ? new BackupMetrics("backup-metrics", { ...shared, ...settings.backup }, child) : undefined;
    const { grafana, prometheus, alertmanager } = createMonitoring(
      {
        settings,
        shared,
        databases: server,
        cache,
        nats,
        jaeger: jaeger?.http,
        loki,
        tables: [kratos.ready, ...(temporal === undefined ? [] : [temporal.ready])],
        urls: {
          grafana: url("grafana"),
          alertmanager: url("alertmanager"),
        },
      },
      this,
    );

    this.dataKeys = { "apprun-encryption-key": app.encryptionKey, "kratos-cipher": kratos.ciphers[0] };
    const backup = metrics && createBackup(settings, shared, { databases: server, app, kratos, grafana, prometheus, metrics, keys: this.dataKeys }, this);

    const routes = routesOf(settings, {
      ...{ app: app.http, api: app.http, websocket: app.http, auth: kratos.public },
      ...(grafana && { grafana: grafana.http }),
      ...(prometheus && { prometheus: prometheus.http }),
      ...(alertmanager && { alertmanager }),
      ...(jaeger && { jaeger: jaeger.http }),
      ...(temporal?.ui && { temporal: temporal.ui }),
    });
    ingress.route(routes);
    const { accountId = "", origin, address, zones, access, firewall, backups } = settings.cloudflare;
    const edge = way.cloudflare
      ? new CloudflareEdge(
          "cloudflare",
          {
            ...shared,
            ...{ accountId, zones, access, firewall, backups, routes, ingress },
            owner: edgeOwner(settings.identity),
            limits: settings.limits,
            address: origin === "proxy" ? address : undefined,
            originPull: way.originPull,
            provider: way.cloudflare,
          },
          child,
        )
      : undefined;

    this.urls = Object.fromEntries(
      routes.map((route) => [route.name, new URL(route.path ?? ROOT_PATH, ingress.url(route.host, route.audience, route.to)).href]),
    );
    this.localCa = way.localCa;
    this.access = Object.fromEntries(
      routes.flatMap((route) => {
        const command = ingress.access(route);
        return command === undefined ? [] : [[route.name, command]];
      }),
    );
    this.pages = Object.fromEntries(routes.map(({ name, to }) => [name, to.workload]));
    this.credentials = {
      postgres: { username: administrator.role, password: administrator.password },
      "app-database": { username: databases.apprun.role, password: databases.apprun.password },
      ...(server.authenticator && { authenticator: { username: server.authenticator.role, password: server.authenticator.password } }),
      cache: { username: cache.login.user ?? "default", password: cache.login.password },
      ...(nats && { nats: { username: NATS_USER, password: nats.password } }),
      ...Object.fromEntries(
        Object.entries(edge?.serviceTokens ?? {}).map(([audience, token]) => [
          `access-${audience}`,
          { username: token.clientId, password: token.clientSecret },
        ]),
      ),
      ...(backup && { backup: { username: backup.stack, password: backup.password } }),
      ...(grafana && { grafana: { username: GRAFANA_ADMIN, password: grafana.adminPassword } }),
    };
    this.inventory = platform.inventory();
    this.registerOutputs({});
  }
}

/** The settings give percentages, the rules need parts. */
function objectivesOf({ slo }: Settings) {
  return { availability: slo.availability / 100, latency: slo.latency / 100 };
}

/** The settings give a percentage, the SDKs take a part. */
function tracingOf({ tracing, identity }: Settings, jaeger: Jaeger | undefined) {
  return jaeger && { spans: jaeger.spans, sampling: tracing.sampling / 100, stack: identity.stack };
}

function mailOf({ kratos, secrets }: Settings) {
  if (kratos.mailFrom === undefined || secrets.smtpUri === undefined) return undefined;
  return { from: kratos.mailFrom, smtpUri: secrets.smtpUri };
}

/** The bucket of the app's files; the settings' rules make sure that its keys are there. */
function bucketOf({ storage: { s3 }, secrets: { storageAccessKeyId, storageSecretAccessKey } }: Settings) {
  if (s3 === undefined || storageAccessKeyId === undefined || storageSecretAccessKey === undefined) return undefined;
  return { ...s3, keys: { accessKeyId: storageAccessKeyId, secretAccessKey: storageSecretAccessKey } };
}
