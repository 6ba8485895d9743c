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
  /** Whom the tokens of a host are for: the marks of its applications. */
  readonly audiences: ReadonlyMap<string, readonly Output<string>[]>;
  readonly #args: AccessArgs;

  /** @throws ModelError for a route that is not public and whose audience has no policy */
  constructor(name: string, args: AccessArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:edge:Access", name, {}, opts);
    this.#args = args;
    const guarded = guardedRoutes(args.routes, args.policies);
    const audiences = new Map<string, readonly Output<string>[]>();
    const tokens: Partial<Record<Guarded, ServiceToken>> = {};
    for (const audience of new Set(guarded.map((route) => route.audience))) {
      const policy = args.policies[audience];
      if (policy === undefined) continue;
      const token = policy.serviceToken ? this.#token(audience) : undefined;
      if (token) tokens[audience] = { clientId: token.clientId, clientSecret: secret(token.clientSecret) };
      const ids = this.#policies(audience, policy, token);
      for (const { name: route, host, destination } of guarded.filter((candidate) => candidate.audience === audience)) {
        const mark = this.#application(route, destination, policy, ids);
        audiences.set(host, [...(audiences.get(host) ?? []), mark]);
      }
    }
    this.serviceTokens = tokens;
    this.audiences = audiences;
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
  ): Output<string> {
    const { accountId, owner } = this.#args;
    const application = new cloudflare.ZeroTrustAccessApplication(
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
    return application.aud;
  }

  #options() {
    return { parent: this, provider: this.#args.provider };
  }
}
