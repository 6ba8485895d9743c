import { hiddenBelow, ROOT_PATH, type Route } from "../../model/page.ts";
import { atMost } from "./at-most.ts";

/**
 * Which requests of a route.
 *
 * - `read`: those that carry no body
 * - `sized`: those that say how long their body is, within the limit
 * - `write`: all others
 */
export const DIRECTIONS = ["read", "sized", "write"] as const;
export type Direction = (typeof DIRECTIONS)[number];

/**
 * The rule of a router. A body whose length nobody said is bounded by keeping it
 * until it is whole, and with it the answer: a stream of events would never
 * arrive. So what has no body, and what says how long it is, take routers of
 * their own: the server reads no more of a body than its length.
 */
export function rule(
  route: Pick<Route, "host" | "path" | "hidden" | "stripsPath">,
  direction: Direction = "read",
  maxBody = 0,
): string {
  const shown = [`Host(\`${route.host}\`)`, ...isBelow(route), ...hiddenBelow(route).map(isNotBelow)].join(" && ");
  switch (direction) {
    case "read":
      return shown;
    case "sized":
      return `${shown} && HeaderRegexp(\`Content-Length\`, \`^(${atMost(maxBody)})$\`)`;
    case "write":
      return `${shown} && ${HAS_BODY}`;
  }
}

const HAS_BODY =
  "((!Method(`GET`) && !Method(`HEAD`) && !Method(`OPTIONS`)) || HeaderRegexp(`Content-Length`, `[1-9]`))";

/** A prefix of Traefik's also begins longer words, of which the rest would be left where it is taken away. */
function isBelow({ path = ROOT_PATH, stripsPath = false }: Pick<Route, "path" | "stripsPath">): readonly string[] {
  if (path === ROOT_PATH) return [];
  return [stripsPath ? `(Path(\`${path}\`) || PathPrefix(\`${path}/\`))` : `PathPrefix(\`${path}\`)`];
}

/** Many programs take another case for the same path. */
function isNotBelow(path: string): string {
  const literal = path.replace(/\/+$/, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return `!PathRegexp(\`(?i)^${literal}(/|$)\`)`;
}

/** Longer paths before shorter ones, and of the same path the rule that asks for more. */
export function priority({ path = ROOT_PATH }: Pick<Route, "path">, direction: Direction = "read"): number {
  return 10 + 3 * path.length + { read: 0, write: 1, sized: 2 }[direction];
}
