import { ComponentResource } from "@pulumi/pulumi";
import { loadSettings } from "../../../components/stack/load.ts";
import { CloudflareEdge } from "../../../components/edge/cloudflare-edge.ts";
import { physicalName } from "../../../components/model/identity.ts";
import { selectImage } from "../../../components/services/catalogue.ts";
import { workloadHandle } from "../../../components/platform/handles.ts";
import type { Platform } from "../../../components/platform/platform.ts";
import { routesOf } from "../../../components/stack/pages.ts";
import { wayIn } from "../../../components/stack/ingress.ts";
import { endpoint } from "../../support/record/specs.ts";

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
      ...{ app: endpoint("apprun", 8080), api: endpoint("apprun", 8080), websocket: endpoint("apprun", 8080) },
      auth: endpoint("kratos", 4433),
      grafana: endpoint("grafana", 3000),
    }),
    ingress: {
      url: () => "",
      access: () => undefined,
      serves: () => true,
      entry: () => ({ address: entry.address, endpoint: entry }),
      route: () => undefined,
    },
    limits: settings.limits,
    address: cloudflare.origin === "proxy" ? cloudflare.address : undefined,
    originPull: way.originPull,
    provider: way.cloudflare,
  },
  { parent },
);
