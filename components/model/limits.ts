import type { Bytes, Duration } from "./units.ts";

/**
 * How many requests one client may send, by what it asks for.
 *
 * - `standard`: pages, API calls and WebSocket handshakes of the app
 * - `login`: registration, login and recovery, where guessing starts
 * - `operator`: operators' pages, which load many small files at once
 */
export const RATE_CLASSES = ["standard", "login", "operator"] as const;
export type RateClass = (typeof RATE_CLASSES)[number];

/** A token bucket for each client address. */
export interface Rate {
  /** Requests per second that refill the bucket. */
  readonly average: number;
  /** Requests that the full bucket lets through at once. */
  readonly burst: number;
}

/** What the way in takes from one client; whatever is above it is refused. */
export interface RequestLimits {
  /** The largest request body; a larger one gets 413. */
  readonly maxBody: Bytes;
  /** Time in which a whole request must have arrived. */
  readonly readTimeout: Duration;
  /** Time in which a service must begin its answer; a slower one gets 504. Streams and WebSockets may last longer. */
  readonly responseTimeout: Duration;
  /** Time after which an unused connection is closed. */
  readonly idleTimeout: Duration;
  /** Above its rate a client gets 429. */
  readonly rates: Readonly<Record<RateClass, Rate>>;
  /**
   * Whether the way in sees the address of each client. `together`: it sees one
   * for all, so a rate is what all of them may send. @default - each address is a client
   */
  readonly clients?: "apart" | "together" | undefined;
}

/** How many clients a rate is for where all share one: the busiest of them must not end the login of the others. */
const CLIENTS_TOGETHER = 20;

/** What one bucket of a class takes. */
export function rateOf({ rates, clients }: Pick<RequestLimits, "rates" | "clients">, name: RateClass): Rate {
  const { average, burst } = rates[name];
  return clients === "together"
    ? { average: average * CLIENTS_TOGETHER, burst: burst * CLIENTS_TOGETHER }
    : { average, burst };
}

/** Figures of this project: ten times what a browser does on the app's own pages, and a login form that no human fills faster. */
export const DEFAULT_LIMITS: RequestLimits = {
  maxBody: "16Mi",
  readTimeout: "60s",
  responseTimeout: "60s",
  idleTimeout: "180s",
  rates: {
    standard: { average: 100, burst: 200 },
    login: { average: 10, burst: 30 },
    operator: { average: 50, burst: 200 },
  },
};
