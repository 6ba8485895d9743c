import { expect, it } from "vitest";
import { messageOf } from "../support/record/settings.ts";

it.each<[Record<string, unknown>, string]>([
  [
    { tls: { mode: "external" } },
    "  apprun:front: got nothing; allowed: what ends TLS in front of this stack, with tls.mode external; set it: {} for a proxy on the same host, or its addresses",
  ],
  [
    { tls: { mode: "external" }, front: {}, proxy: { bind: "public", port: 80 } },
    '  apprun:front.addresses: got nothing; allowed: the addresses that the proxy in front connects from, with proxy.bind public; set it, such as ["10.0.0.5"]',
  ],
  [
    { front: { addresses: ["0.0.0.0/0"] } },
    '  apprun:front.addresses.0: got "0.0.0.0/0"; allowed: a list of addresses or ranges such as ["10.0.0.5", "10.1.0.0/16", "fd00::/8"], none of them everybody; change it',
  ],
  [
    { front: { addresses: ["proxy.internal"] } },
    '  apprun:front.addresses.0: got "proxy.internal"; allowed: a list of addresses or ranges such as ["10.0.0.5", "10.1.0.0/16", "fd00::/8"], none of them everybody; change it',
  ],
  [
    { front: { addresses: ["10.0.0.0/33"] } },
    '  apprun:front.addresses.0: got "10.0.0.0/33"; allowed: a list of addresses or ranges such as ["10.0.0.5", "10.1.0.0/16", "fd00::/8"], none of them everybody; change it',
  ],
  [
    { front: { addresses: [] } },
    '  apprun:front.addresses: got a list; allowed: a list of addresses or ranges such as ["10.0.0.5", "10.1.0.0/16", "fd00::/8"], none of them everybody; change it',
  ],
  [
    { platform: "kubernetes", front: { addresses: ["10.0.0.5"] } },
    '  apprun:front.addresses: got ["10.0.0.5"]; allowed: nothing with platform kubernetes, where the ingress controller says whom it trusts; remove it, and set forwardedHeaders.trustedIPs of that controller\'s entry points',
  ],
  [
    { front: { clientAddress: "proxy-protocol", hops: 2 } },
    "  apprun:front.hops: got 2; allowed: nothing with front.clientAddress proxy-protocol, which names one address; remove it",
  ],
  [
    { front: {}, limits: { clients: "together" } },
    '  apprun:limits.clients: got "together"; allowed: nothing with apprun:front, which names each client; remove it',
  ],
  [
    { front: {}, proxy: { port: 8000, teamPort: 8000 } },
    "  apprun:proxy.teamPort: got 8000; allowed: another port than proxy.port with apprun:front, which would show operators' pages to everybody; change one of them",
  ],
])("what stands in front: %j is refused", (values, message) => {
  expect(messageOf(values)).toEqual([message]);
});
