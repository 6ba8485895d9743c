import { describe, expect, it } from "vitest";
import { guardedRoutes, type AccessPolicies } from "../../components/edge/access-policies.ts";
import type { Audience, Route } from "../../components/model/page.ts";
import { endpoint } from "../support/record/specs.ts";

describe("a route that is not public and has no Access policy", () => {
  const route = (audience: Audience): Route => ({
    name: "grafana",
    host: "grafana.example.com",
    to: endpoint("grafana", 3000),
    audience,
    rate: "operator",
  });
  const nobody = { emailDomains: [], emails: [], serviceToken: false, session: "24h" };

  it.each<[Audience, AccessPolicies]>([
    ["team", {}],
    ["team", { preview: { ...nobody, serviceToken: true } }],
    ["team", { team: nobody }],
    ["preview", { team: { ...nobody, emails: ["ops@example.com"] } }],
  ])("is refused: %s with %j", (audience, policies) => {
    expect(() => guardedRoutes([route(audience)], policies)).toThrow(
      `route "grafana" for ${audience}: got no Access policy; allowed: emailDomains, emails or serviceToken of who may enter, while Cloudflare is on; set cloudflare.access.${audience} in this stack`,
    );
  });

  it("is fine where it is public", () => {
    expect(guardedRoutes([route("public")], {})).toEqual([]);
  });
});
