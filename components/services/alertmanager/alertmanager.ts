import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import { ALERTMANAGER_PORT } from "./index.ts";
import type { Bytes } from "../../model/units.ts";
import type { Mount } from "../../model/volume.ts";
import type { Endpoint, Resources, SecretFile, WorkloadSpec } from "../../model/workload.ts";
import { alertmanagerConfiguration, type AlertmanagerConfigArgs, type ReceiverFiles } from "./config.ts";
import { alertmanagerObservability } from "./observability.ts";
import type { Made } from "../kit/made.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";

/** What receivers need that nobody else may know, by receiver: URLs with tokens in them, and the mail server's password. */
export type ReceiverSecrets = { readonly [receiver in keyof ReceiverFiles]?: Output<string> | undefined };

export interface AlertmanagerArgs extends ServiceArgs<"alertmanager">, Omit<AlertmanagerConfigArgs, "files"> {
  /** A receiver is on when its secret is given. */
  readonly secrets: ReceiverSecrets;
  /** URL under which browsers reach it, which messages link to. */
  readonly url: string;
  readonly storage: Bytes;
}

/** Alertmanager: groups alerts, mutes what follows from a known cause, sends the rest. */
export class Alertmanager extends ComponentResource implements Made {
  readonly dataSource: NonNullable<Made["dataSource"]>;
  readonly pages: NonNullable<Made["pages"]>;

  readonly http: Endpoint<"app">;

  constructor(name: string, args: AlertmanagerArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:Alertmanager", name, {}, opts);
    // Silences and what was sent already: worth a restart, not worth refusing to switch it off.
    const volume = args.platform.volume(name, { size: args.storage, retention: "cache" }, { parent: this });
    const spec = alertmanagerWorkload({
      ...args,
      image: args.image("alertmanager"),
      data: { volume, path: "/alertmanager" },
    });
    const workload = args.platform.workload(name, spec, { parent: this });
    this.http = workload.endpoint("http");
    this.pages = { alertmanager: this.http };
    this.dataSource = {
      name: "Alertmanager",
      type: "alertmanager",
      endpoint: this.http,
      jsonData: { implementation: "prometheus" },
    };
    this.registerOutputs(shownWorkload(workload));
  }
}

const CONFIG_PATH = "/etc/alertmanager/alertmanager.yml";
export interface AlertmanagerWorkloadArgs extends Omit<
  AlertmanagerArgs,
  "platform" | "image" | "protectData" | "storage"
> {
  readonly image: Image;
  /** Silences and what was sent already. */
  readonly data: Mount;
  readonly resources: Resources;
}

export function alertmanagerWorkload({
  image,
  data,
  resources,
  url,
  secrets,
  ...config
}: AlertmanagerWorkloadArgs): WorkloadSpec<"app"> {
  const files = secretFiles(secrets);
  const paths: ReceiverFiles = Object.fromEntries(files.map(({ receiver, file }) => [receiver, file.path]));
  return {
    tier: "app",
    zone: "backend",
    image,
    args: [
      `--config.file=${CONFIG_PATH}`,
      `--storage.path=${data.path}`,
      `--web.listen-address=:${ALERTMANAGER_PORT}`,
      `--web.external-url=${url}`,
      // The address of a cluster of several; empty is a single one.
      "--cluster.listen-address=",
    ],
    // Half as much garbage as Go lets stand by default: the work is next to nothing.
    env: { GOGC: "50" },
    files: [{ path: CONFIG_PATH, content: alertmanagerConfiguration({ ...config, files: paths }) }],
    secretFiles: files.map(({ file }) => file),
    mounts: [data],
    resources,
    runAs: { uid: image.uid, gid: image.gid },
    readOnlyRoot: true,
    ports: { http: { port: ALERTMANAGER_PORT, exposure: "proxied" } },
    probe: { kind: "http", port: "http", path: "/-/ready" },
    metrics: {
      port: "http",
      path: "/metrics",
      drop: "(go_|net_conntrack_|alertmanager_http_|alertmanager_cluster_|alertmanager_notification_latency_).*|alertmanager_.*_bucket",
    },
    observability: alertmanagerObservability(),
    // Receivers are outside, and without one nothing is sent there.
    egress: files.length > 0 || config.email !== undefined,
  };
}

function secretFiles(secrets: ReceiverSecrets): readonly { readonly receiver: string; readonly file: SecretFile }[] {
  return Object.entries(secrets)
    .flatMap(([receiver, content]) =>
      content === undefined ? [] : [{ receiver, file: { path: `/run/secrets/alert-${receiver}`, content } }],
    )
    .sort((a, b) => (a.receiver < b.receiver ? -1 : 1));
}
