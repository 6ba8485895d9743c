import * as cloudflare from "@pulumi/cloudflare";
import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { Plan } from "../model/cloudflare-plans.ts";
import type { RequestLimits } from "../model/limits.ts";
import { hostNames, type Route } from "../model/page.ts";
import type { CloudflareProvider } from "./provider.ts";
import { zoneRules } from "./zone-rules.ts";
import { ZONE_SETTINGS } from "./zone-settings.ts";
import type { Zone } from "./zones.ts";

export interface ManagedZoneArgs {
  readonly zone: Zone;
  /** Routes whose hosts are in the zone. */
  readonly routes: readonly Route[];
  readonly limits: RequestLimits;
  /** @default - every rule is made */
  readonly plan?: Plan | undefined;
  readonly firewall: { readonly managedRules: boolean; readonly botFightMode: boolean };
  readonly provider: CloudflareProvider;
}

/** What a zone has once, for all of its stacks. */
export class ManagedZone extends ComponentResource {
  constructor(
    name: string,
    { zone, routes, limits, plan, firewall, provider }: ManagedZoneArgs,
    opts: ComponentResourceOptions = {},
  ) {
    super("apprun:edge:ManagedZone", name, {}, opts);
    const [zoneId, options] = [zone.id, { parent: this, provider }];
    for (const [settingId, value] of Object.entries(ZONE_SETTINGS))
      new cloudflare.ZoneSetting(`${name}-${settingId}`, { zoneId, settingId, value }, options);
    for (const rules of zoneRules({ routes, limits, plan, managedRules: firewall.managedRules }))
      new cloudflare.Ruleset(`${name}-${rules.phase}`, { zoneId, ...rules }, options);
    new cloudflare.BotManagement(
      `${name}-bots`,
      { zoneId, fightMode: firewall.botFightMode, enableJs: firewall.botFightMode },
      options,
    );
    this.registerOutputs({ zone: zone.name, hosts: hostNames(routes) });
  }
}
