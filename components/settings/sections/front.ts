import { z } from "zod";
import { isSome } from "../kit/addresses.ts";
import { count, oneOf, port } from "../kit/scalars.ts";

const ADDRESSES =
  'a list of addresses or ranges such as ["10.0.0.5", "10.1.0.0/16", "fd00::/8"], none of them everybody';

/** A reverse proxy or a balancer of the operator's own in front of the way in. */
export const front = z
  .strictObject({
    addresses: z
      .array(z.string({ error: ADDRESSES }).refine(isSome, ADDRESSES), { error: ADDRESSES })
      .min(1, ADDRESSES)
      .optional()
      .describe(
        "Where it connects from, on a Docker host: its word on the client counts, and with proxy.bind public nobody else gets in. Private addresses when absent with proxy.bind loopback, which only this host reaches.",
      ),
    clientAddress: oneOf("forwarded-for", "proxy-protocol")
      .optional()
      .describe("How it names the client: in the header X-Forwarded-For, the default, or by the PROXY protocol."),
    hops: count(1, 10)
      .optional()
      .describe("How many proxies add to X-Forwarded-For, this one included; 1 when absent."),
    port: port()
      .optional()
      .describe("Port that browsers connect to there; 443, or 80 where nobody ends TLS, when absent."),
  })
  .describe("A reverse proxy or a balancer of yours in front of the stack; `{}` is one on the same host.");
