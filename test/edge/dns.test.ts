import { expect, it } from "vitest";
import { addressRecord } from "../../components/edge/dns.ts";
import { cloudflare, SECRETS } from "../support/fakes/cloudflare.ts";
import { messageOf } from "../support/record/settings.ts";
import { settingsOf } from "../support/record/stacks.ts";

it.each([
  ["203.0.113.7", "A"],
  ["2001:db8::7", "AAAA"],
  ["host.example.net", "CNAME"],
])("%s gets a record of type %s", (content, type) => {
  expect(addressRecord(content)).toEqual({ type, content });
});

const behind = (proxy: object) => ({
  domain: "example.com",
  cloudflare: cloudflare({ origin: "proxy", address: "2001:db8::7" }),
  tls: { mode: "origin" },
  proxy: { bind: "public", port: 80, ...proxy },
});

it("an address of IPv6 is for a proxy that listens there", () => {
  expect(messageOf(behind({}), "prod")).toContain(
    '  apprun:cloudflare.address: got "2001:db8::7"; allowed: an IPv4 address or a host name without proxy.ipv6: browsers reach Cloudflare by both families in any case; change it, or set proxy.ipv6',
  );
  expect(settingsOf(behind({ ipv6: true }), "prod", SECRETS).cloudflare.address).toBe("2001:db8::7");
});
