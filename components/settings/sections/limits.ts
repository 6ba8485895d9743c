import { z } from "zod";
import { DEFAULT_LIMITS, RATE_CLASSES, type Rate, type RateClass } from "../../model/limits.ts";
import { bytes, count, duration, oneOf } from "../kit/scalars.ts";

const rate = ({ average, burst }: Rate) =>
  z
    .strictObject({
      average: count(1, 100_000).default(average).describe("Requests a second."),
      burst: count(1, 100_000).default(burst).describe("Requests at once."),
    })
    .prefault({});

const rates = Object.fromEntries(RATE_CLASSES.map((name) => [name, rate(DEFAULT_LIMITS.rates[name])])) as Record<
  RateClass,
  ReturnType<typeof rate>
>;

/** What the way in takes from one client. */
export const limits = z
  .strictObject({
    maxBody: bytes().default(DEFAULT_LIMITS.maxBody).describe("Largest request body; above it the answer is 413."),
    readTimeout: duration()
      .default(DEFAULT_LIMITS.readTimeout)
      .describe("Time in which a whole request must have arrived."),
    responseTimeout: duration()
      .default(DEFAULT_LIMITS.responseTimeout)
      .describe("Time in which a service must begin its answer."),
    idleTimeout: duration()
      .default(DEFAULT_LIMITS.idleTimeout)
      .describe("Time after which an unused connection is closed."),
    clients: oneOf("apart", "together")
      .optional()
      .describe(
        "Whether the proxy sees the address of each client; apart when absent. Together, it sees one for all, as behind k3s' ServiceLB or in Docker Desktop, and each rate is for 20 clients at once.",
      ),
    rates: z
      .strictObject(rates)
      .prefault({})
      .describe("Requests that one client address may send, by class of route; above it the answer is 429."),
  })
  .prefault({});
