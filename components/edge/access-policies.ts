import type { types } from "@pulumi/cloudflare";
import { ModelError } from "../model/errors.ts";
import { ROOT_PATH, type Audience, type Route } from "../model/page.ts";

/** Who may enter what is for one audience. */
export interface AccessPolicy {
  /** Whoever proves a mail address in one of these domains. */
  readonly emailDomains: readonly string[];
  readonly emails: readonly string[];
  /** Whether CI may, with a token that is made for it. */
  readonly serviceToken: boolean;
  /** Time after which one must prove it again, such as `24h`. */
  readonly session: string;
}

/** Audiences that something must stand in front of. */
export type Guarded = Exclude<Audience, "public">;
export type AccessPolicies = Readonly<Partial<Record<Guarded, AccessPolicy | undefined>>>;

/** A route that is not public, with who may enter. */
export interface GuardedRoute {
  readonly name: string;
  readonly audience: Guarded;
  readonly host: string;
  /** Host and path, as Access names them. */
  readonly destination: string;
}

/**
 * The routes that need Access.
 * @throws ModelError for one whose audience has no policy, or a policy that lets nobody in
 */
export function guardedRoutes(routes: readonly Route[], policies: AccessPolicies): readonly GuardedRoute[] {
  return routes.flatMap(({ name, host, path = ROOT_PATH, audience }) => {
    if (audience === "public") return [];
    const policy = policies[audience];
    if (policy === undefined || !letsSomebodyIn(policy))
      throw new ModelError({
        got: `route "${name}" for ${audience}: got no Access policy`,
        allowed: "emailDomains, emails or serviceToken of who may enter, while Cloudflare is on",
        fix: `set cloudflare.access.${audience} in this stack`,
      });
    return [{ name, audience, host, destination: path === ROOT_PATH ? host : `${host}${path}` }];
  });
}

function letsSomebodyIn({ emailDomains, emails, serviceToken }: AccessPolicy): boolean {
  return serviceToken || emailDomains.length + emails.length > 0;
}

/** Rules for people; none where only machines may enter. */
export function peopleRules({
  emailDomains,
  emails,
}: AccessPolicy): readonly types.input.ZeroTrustAccessPolicyInclude[] {
  return [
    ...emailDomains.map((domain) => ({ emailDomain: { domain } })),
    ...emails.map((email) => ({ email: { email } })),
  ];
}
