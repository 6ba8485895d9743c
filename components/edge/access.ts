import * as cloudflare from "@pulumi/cloudflare";
import { ComponentResource, secret, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Route } from "../model/page.ts";
import { guardedRoutes, peopleRules, type AccessPolicies, type AccessPolicy, type Guarded } from "./access-policies.ts";
import type { CloudflareProvider } from "./provider.ts";

export interface AccessArgs {
  readonly accountId: string;
  /** What the names of everything begin with. */
  readonly owner: string;
  readonly routes: readonly Route[];
  readonly policies: AccessPolicies;
  readonly provider: CloudflareProvider;
}

/** What CI sends in the headers `CF-Access-Client-Id` and `CF-Access-Client-Secret`. */
export interface ServiceToken {
  readonly clientId: Output<string>;
  readonly clientSecret: Output<string>;
}

/** Cloudflare Access in front of every route that is not public. */
export class Access extends ComponentResource {
  /** Tokens by audience, where the policy makes one. */
  readonly serviceTokens: Readonly<Partial<Record<Guarded, ServiceToken>>>;
  readonly #args: AccessArgs;

  /** @throws ModelError for a route that is not public and whose audience has no policy */
  constructor(name: string, args: AccessArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:edge:Access", name, {}, opts);
    this.#args = args;
    const guarded = guardedRoutes(args.routes, args.policies);
    const tokens: Partial<Record<Guarded, ServiceToken>> = {};
    for (const audience of new Set(guarded.map((route) => route.audience))) {
      const policy = args.policies[audience];
      if (policy === undefined) continue;
      const token = policy.serviceToken ? this.#token(audience) : undefined;
      if (token) tokens[audience] = { clientId: token.clientId, clientSecret: secret(token.clientSecret) };
      const ids = this.#policies(audience, policy, token);
      for (const route of guarded.filter((candidate) => candidate.audience === audience))
        this.#application(route.name, route.destination, policy, ids);
    }
    this.serviceTokens = tokens;
    this.registerOutputs({
      guarded: guarded.map(({ destination }) => destination),
      serviceTokens: Object.keys(tokens),
    });
  }

  #token(audience: Guarded): cloudflare.ZeroTrustAccessServiceToken {
    const { accountId, owner } = this.#args;
    return new cloudflare.ZeroTrustAccessServiceToken(
      `access-${audience}-ci`,
      { accountId, name: `${owner} ${audience} CI` },
      this.#options(),
    );
  }

  #policies(
    audience: Guarded,
    policy: AccessPolicy,
    token: cloudflare.ZeroTrustAccessServiceToken | undefined,
  ): readonly Output<string>[] {
    const { accountId, owner } = this.#args;
    const people = peopleRules(policy);
    const common = { accountId, sessionDuration: policy.session };
    const make = (role: string, args: Pick<cloudflare.ZeroTrustAccessPolicyArgs, "decision" | "includes">) =>
      new cloudflare.ZeroTrustAccessPolicy(
        `access-${audience}-${role}`,
        { ...common, ...args, name: `${owner} ${audience} ${role}` },
        this.#options(),
      ).id;
    return [
      ...(token
        ? [make("machines", { decision: "non_identity", includes: [{ serviceToken: { tokenId: token.id } }] })]
        : []),
      ...(people.length > 0 ? [make("people", { decision: "allow", includes: [...people] })] : []),
    ];
  }

  #application(
    route: string,
    destination: string,
    { session }: AccessPolicy,
    policies: readonly Output<string>[],
  ): void {
    const { accountId, owner } = this.#args;
    new cloudflare.ZeroTrustAccessApplication(
      `access-${route}`,
      {
        accountId,
        name: `${owner} ${route}`,
        type: "self_hosted",
        destinations: [{ type: "public", uri: destination }],
        sessionDuration: session,
        appLauncherVisible: false,
        httpOnlyCookieAttribute: true,
        policies: policies.map((id, index) => ({ id, precedence: index + 1 })),
      },
      this.#options(),
    );
  }

  #options() {
    return { parent: this, provider: this.#args.provider };
  }
}
