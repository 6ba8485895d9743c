import * as cloudflare from "@pulumi/cloudflare";
import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { Plan } from "../model/cloudflare-plans.ts";
import type { RequestLimits } from "../model/limits.ts";
import { hostNames, type Route } from "../model/page.ts";
import type { Certificate, Ingress } from "../platform/ingress.ts";
import type { ServiceArgs } from "../services/kit/service-args.ts";
import { Access, type ServiceToken } from "./access.ts";
import type { AccessPolicies } from "./access-policies.ts";
import { BackupBucket } from "./backup-bucket.ts";
import { addressRecord, dnsRecords, tunnelRecord, type OriginRecord } from "./dns.ts";
import { ManagedZone } from "./managed-zone.ts";
import { OriginPulls } from "./origin-pulls.ts";
import type { CloudflareProvider } from "./provider.ts";
import { Tunnel, TUNNEL_NAME, type Tokens } from "./tunnel.ts";
import { resolveZones, zoneOf, type Zone, type ZoneSettings } from "./zones.ts";

export interface CloudflareEdgeArgs extends Pick<ServiceArgs<"cloudflared">, "platform" | "image" | "protectData"> {
  readonly accountId: string;
  /** What the names of everything in the account begin with, so that stacks share it. */
  readonly owner: string;
  readonly routes: readonly Route[];
  readonly ingress: Ingress;
  readonly limits: RequestLimits;
  /** Address of the host or of what balances the load before it. @default - a tunnel */
  readonly address?: string | undefined;
  /** What Cloudflare shows to the host; with `address`. */
  readonly originPull?: Certificate | undefined;
  readonly zones: readonly ZoneSettings[];
  /** @default - every rule is made */
  readonly plan?: Plan | undefined;
  readonly access: AccessPolicies & {
    /** The organisation whose tokens of Access the tunnel's client asks for. @default - it asks for none */
    readonly teamName?: string | undefined;
  };
  readonly firewall: { readonly managedRules: boolean; readonly botFightMode: boolean };
  /** @default - no bucket */
  readonly backups?: { readonly bucket: string; readonly location?: string | undefined } | undefined;
  readonly provider: CloudflareProvider;
}

/** Cloudflare in front of a stack: names, access, rules and the way to the origin, all from the routes. */
export class CloudflareEdge extends ComponentResource {
  readonly serviceTokens: Readonly<Record<string, ServiceToken>>;

  constructor(name: string, args: CloudflareEdgeArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:edge:CloudflareEdge", name, {}, opts);
    const child = { parent: this };
    const { provider, routes, owner } = args;
    // First, so that a route without a policy stops everything before it has a name in the world.
    const access = new Access("access", { ...args, policies: args.access }, child);
    const origin: OriginRecord =
      args.address === undefined
        ? tunnelRecord(
            new Tunnel(
              TUNNEL_NAME,
              {
                ...args,
                entry: (audience) => args.ingress.entry(audience),
                tokens: tokensOf(args.access.teamName, access),
              },
              child,
            ).tunnelId,
          )
        : addressRecord(args.address);
    for (const zone of resolveZones(args.zones, provider, this)) {
      const own = routes.filter(({ host }) => zoneOf(host, args.zones).name === zone.name);
      if (own.length === 0) continue;
      this.#records(zone, own, origin, owner, provider, access);
      if (args.originPull)
        new OriginPulls(
          `origin-pulls-${zone.name}`,
          { zone, routes: own, certificate: args.originPull, provider },
          child,
        );
      if (zone.manage) new ManagedZone(zone.name, { ...args, zone, routes: own }, child);
    }
    if (args.backups) new BackupBucket("backups", { ...args, ...args.backups, protect: args.protectData }, child);
    this.serviceTokens = access.serviceTokens;
    this.registerOutputs({ hosts: hostNames(routes), origin: args.address ?? "tunnel" });
  }

  #records(
    zone: Zone,
    routes: readonly Route[],
    origin: OriginRecord,
    owner: string,
    provider: CloudflareProvider,
    access: Access,
  ): void {
    // A name appears in the world only after what guards it.
    for (const [host, record] of dnsRecords(routes, origin, owner))
      new cloudflare.DnsRecord(
        `dns-${host}`,
        { zoneId: zone.id, ...record },
        { parent: this, provider, dependsOn: [access] },
      );
  }
}

function tokensOf(teamName: string | undefined, { audiences }: Access): Tokens | undefined {
  return teamName === undefined ? undefined : { teamName, audiences };
}
