import { isIP } from "node:net";
import type { DnsRecordArgs } from "@pulumi/cloudflare";
import { interpolate, type Input, type Output } from "@pulumi/pulumi";
import { hostNames, type Route } from "../model/page.ts";

/** Where Cloudflare finds a host. */
export interface OriginRecord {
  readonly type: "A" | "AAAA" | "CNAME";
  readonly content: Input<string>;
}

/** By the family of an address. */
const RECORD_TYPES: Readonly<Record<number, OriginRecord["type"]>> = { 4: "A", 6: "AAAA" };

/** The record for a host's or a load balancer's address. */
export function addressRecord(address: string): OriginRecord {
  return { type: RECORD_TYPES[isIP(address)] ?? "CNAME", content: address };
}

/** The record for a tunnel. */
export function tunnelRecord(tunnelId: Output<string>): OriginRecord {
  return { type: "CNAME", content: interpolate`${tunnelId}.cfargotunnel.com` };
}

/** A time to live that Cloudflare chooses: the only one for proxied records. */
const AUTOMATIC = 1;

/** One proxied record a host name, by host name. `owner` says in the zone whose it is. */
export function dnsRecords(
  routes: readonly Pick<Route, "host">[],
  origin: OriginRecord,
  owner: string,
): ReadonlyMap<string, Omit<DnsRecordArgs, "zoneId">> {
  return new Map(
    hostNames(routes).map((host) => [host, { name: host, ...origin, proxied: true, ttl: AUTOMATIC, comment: owner }]),
  );
}
