import * as cloudflare from "@pulumi/cloudflare";
import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import { hostNames, type Route } from "../model/page.ts";
import type { Certificate } from "../platform/ingress.ts";
import type { CloudflareProvider } from "./provider.ts";
import type { Zone } from "./zones.ts";

/** Who the client certificate says it is. */
export const ORIGIN_PULL_COMMON_NAME = "cloudflare origin pull";

export interface OriginPullsArgs {
  readonly zone: Zone;
  /** Routes whose hosts are in the zone. */
  readonly routes: readonly Pick<Route, "host">[];
  /** What Cloudflare shows to the origin. */
  readonly certificate: Certificate;
  readonly provider: CloudflareProvider;
}

/**
 * Authenticated Origin Pulls for each host, with a certificate of the stack's own
 * authority: the one that Cloudflare has for all lets in other people's zones too.
 */
export class OriginPulls extends ComponentResource {
  constructor(
    name: string,
    { zone, routes, certificate, provider }: OriginPullsArgs,
    opts: ComponentResourceOptions = {},
  ) {
    super("apprun:edge:OriginPulls", name, {}, opts);
    const options = { parent: this, provider };
    const { id: certId } = new cloudflare.AuthenticatedOriginPullsHostnameCertificate(
      name,
      { zoneId: zone.id, certificate: certificate.chain, privateKey: certificate.key },
      options,
    );
    // The provider takes one host a resource, and refuses more only when it applies them.
    for (const hostname of hostNames(routes))
      new cloudflare.AuthenticatedOriginPulls(
        `origin-pull-${hostname}`,
        { zoneId: zone.id, configs: [{ hostname, certId, enabled: true }] },
        options,
      );
    this.registerOutputs({ zone: zone.name, hosts: hostNames(routes) });
  }
}
