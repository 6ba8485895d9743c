import { ROOT_PATH, type Route } from "../../model/page.ts";

/** Which requests of a route: those that carry no body, or those that may. */
export type Direction = "read" | "write";

/**
 * The rule of a router. A body is bounded by keeping it until it is whole, and
 * with it the answer: a stream of events would never arrive. So what has no body
 * takes a router of its own.
 */
export function rule({ host, path = ROOT_PATH }: Pick<Route, "host" | "path">, direction?: Direction): string {
  const place = path === ROOT_PATH ? `Host(\`${host}\`)` : `Host(\`${host}\`) && PathPrefix(\`${path}\`)`;
  return direction === "write" ? `${place} && ${HAS_BODY}` : place;
}

const HAS_BODY =
  "((!Method(`GET`) && !Method(`HEAD`) && !Method(`OPTIONS`)) || HeaderRegexp(`Content-Length`, `[1-9]`))";

/** Longer paths before shorter ones, and of the same path the rule that asks for more. */
export function priority({ path = ROOT_PATH }: Pick<Route, "path">, direction: Direction = "read"): number {
  return 10 + 2 * path.length + (direction === "write" ? 1 : 0);
}
