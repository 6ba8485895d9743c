import { ComponentResource } from "@pulumi/pulumi";
import { loadSettings } from "../../../components/config/load.js";
import { CloudflareEdge } from "../../../components/edge/cloudflare-edge.js";
import { physicalName } from "../../../components/model/identity.js";
import { selectImage } from "../../../components/model/images.js";
import { workloadHandle } from "../../../components/platform/handles.js";
import type { Platform } from "../../../components/platform/platform.js";
import { routesOf } from "../../../components/routes.js";
import { wayIn } from "../../../components/way-in.js";
import { endpoint } from "../../support/specs.js";

// The edge of a stack without its services: what it asks of Cloudflare, from the same settings and the same routes.
const settings = loadSettings();
const parent = new ComponentResource("apprun:test:Edge", settings.identity.stack);
const { cloudflare } = settings;
const way = wayIn(settings, parent);
const entry = endpoint("proxy", 8000);
const platform = {
  workload: (name: string, spec: Parameters<Platform["workload"]>[1]) =>
    workloadHandle(name, spec, { name, kind: "workload", resource: parent }, { replicaHosts: [name] }),
} as unknown as Platform;
if (way.cloudflare === undefined) throw new Error("cloudflare.enabled is needed");
new CloudflareEdge(
  "cloudflare",
  {
    ...cloudflare,
    accountId: cloudflare.accountId ?? "",
    platform,
    image: (name) => selectImage(name),
    protectData: false,
    owner: physicalName(settings.identity, "edge"),
    routes: routesOf(settings, {
      app: endpoint("apprun", 8080),
      kratos: endpoint("kratos", 4433),
      grafana: endpoint("grafana", 3000),
      prometheus: undefined,
      alertmanager: undefined,
      jaeger: undefined,
      temporalUi: undefined,
    }),
    ingress: { url: () => "", access: () => undefined, entry: () => entry, route: () => undefined },
    limits: settings.limits,
    address: cloudflare.origin === "proxy" ? cloudflare.address : undefined,
    originPull: way.originPull,
    provider: way.cloudflare,
  },
  { parent },
);
