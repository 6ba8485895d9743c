import type { ComponentResource, Output } from "@pulumi/pulumi";
import type { Route } from "../model/page.ts";
import type { OperatorsLogin } from "../platform/ingress.ts";
import type { Made } from "../services/kit/made.ts";
import { hashedSecret } from "../services/kit/secrets.ts";
import { pagesOf } from "./pages.ts";
import { rotationOf } from "./rotation.ts";
import type { Settings } from "./settings.ts";

/** How operators log in to pages that ask nobody. */
export interface Operators extends OperatorsLogin {
  readonly password: Output<string>;
}

const USERNAME = "operator";

/** Pages that would show themselves to whoever reaches the port. */
const isGuarded = ({ audience, ownLogin }: Pick<Route, "audience" | "ownLogin">) =>
  audience === "team" && ownLogin !== true;

/** A login of the way in for operators' pages, where it serves them: in a cluster they are reached by whoever may forward ports. */
export function createOperators(settings: Settings, parent: ComponentResource): Operators | undefined {
  const guarded = pagesOf(settings).some((page) => page.on && isGuarded(page));
  if (settings.platform === "kubernetes" || !guarded) return undefined;
  // Nothing that outlives the stack remembers it.
  const { value, hash, generation } = hashedSecret("proxy-operators", {
    protect: false,
    rotation: rotationOf(settings),
    parent,
  });
  return { username: USERNAME, password: value, hash, generation };
}

/** The login by the workload of each page that it is for. */
export function operatorLogins(operators: Operators | undefined, routes: readonly Route[]): Made {
  if (operators === undefined) return {};
  const { username, password } = operators;
  return {
    logins: Object.fromEntries(routes.filter(isGuarded).map(({ to }) => [to.workload, { username, password }])),
  };
}
