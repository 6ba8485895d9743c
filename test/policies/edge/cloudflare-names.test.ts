import { cloudflareNames } from "../../../policies/edge/cloudflare-names.ts";
import { describePolicy, resource } from "../describe-policy.ts";

const END =
  "; allowed: names at most one label below the zone; choose a domain that is the zone itself, or order an advanced certificate and accept this policy";
const named = (name: string, proxied = true) =>
  resource("cloudflare:index/dnsRecord:DnsRecord", `dns-${name}`, { name, proxied });
const facts = { plan: "free", zones: ["example.com", "eu.example.com"], maxBody: 1, responseTimeout: 1 } as const;

describePolicy(cloudflareNames, {
  context: { cloudflare: facts },
  passes: {
    "the zone itself and one label below": [named("example.com"), named("auth.example.com")],
    "one label below the closest zone": named("auth.eu.example.com"),
    "a record that Cloudflare does not stand in front of": named("auth.shop.example.com", false),
    "a name of a zone that it does not know": named("auth.shop.example.org"),
  },
  fails: {
    "two labels": [
      [named("shop.example.com"), named("auth.shop.example.com"), named("api.shop.example.com")],
      `api.shop.example.com, auth.shop.example.com: got more than one label below the zone${END}`,
    ],
  },
});

describePolicy(cloudflareNames, {
  passes: { "what nobody knows the zones of": named("a.b.c.example.com") },
  fails: {},
});
