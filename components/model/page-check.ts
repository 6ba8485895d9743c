import { ModelError } from "./errors.ts";
import { ROOT_PATH, type Route } from "./page.ts";

/**
 * Refuses a list of routes that would open what its workload keeps inside, or
 * that no proxy can tell apart.
 * @throws ModelError that names the route
 */
export function checkRoutes(routes: readonly Route[]): void {
  const seen = new Map<string, string>();
  for (const { name, host, path = ROOT_PATH, to } of routes) {
    if (to.exposure !== "proxied")
      throw new ModelError({
        got: `route "${name}": got port "${to.portName}" of workload "${to.workload}", whose exposure is ${to.exposure}`,
        allowed: "a port whose exposure is proxied",
        fix: "route to another port, or change the exposure in the workload",
      });
    if (!path.startsWith("/") || /[`\s]/.test(path))
      throw new ModelError({
        got: `route "${name}": got path "${path}"`,
        allowed: 'a path such as "/api" without spaces and backticks',
        fix: "change it",
      });
    for (const [key, what] of [
      [`name ${name}`, `name "${name}"`],
      [`at ${host}${path}`, `"${host}${path}"`],
    ] as const) {
      const other = seen.get(key);
      if (other !== undefined)
        throw new ModelError({
          got: `route "${name}": got ${what} a second time, after route "${other}"`,
          allowed: "every name, and every host with its path, once",
          fix: "change one of them",
        });
      seen.set(key, name);
    }
  }
}
