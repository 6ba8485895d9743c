import type { ComponentResource } from "@pulumi/pulumi";
import { CloudflareEdge } from "../edge/cloudflare-edge.ts";
import { edgeOwner } from "../edge/owner.ts";
import type { Route } from "../model/page.ts";
import type { Ingress } from "../platform/ingress.ts";
import type { Made } from "../services/kit/made.ts";
import type { WayIn } from "./ingress.ts";
import type { Settings } from "./settings.ts";
import type { Shared } from "./shared.ts";

export interface EdgeArgs {
  readonly way: WayIn;
  readonly ingress: Ingress;
  readonly routes: readonly Route[];
}

/** Cloudflare in front of the stack, where the settings want it: how its service tokens log in. */
export function createEdge(
  settings: Settings,
  shared: Shared,
  { way, ingress, routes }: EdgeArgs,
  parent: ComponentResource,
): Made {
  if (way.cloudflare === undefined) return {};
  const { accountId = "", origin, address, zones, plan, access, firewall, backups } = settings.cloudflare;
  const edge = new CloudflareEdge(
    "cloudflare",
    {
      ...shared,
      ...{ accountId, zones, plan, access, firewall, backups, routes, ingress },
      owner: edgeOwner(settings.identity),
      limits: settings.limits,
      address: origin === "proxy" ? address : undefined,
      originPull: way.originPull,
      provider: way.cloudflare,
    },
    { parent },
  );
  const tokens = Object.entries(edge.serviceTokens);
  return {
    logins: Object.fromEntries(
      tokens.map(([audience, { clientId, clientSecret }]) => [
        `access-${audience}`,
        { username: clientId, password: clientSecret },
      ]),
    ),
  };
}
