import { describe, expect, it } from "vitest";
import type { Route } from "../../../components/model/page.ts";
import { DEFAULT_HEADERS } from "../../../components/model/response-headers.ts";
import type { IngressSpec } from "../../../components/platform/ingress.ts";
import { chain, middlewares } from "../../../components/platform/traefik/middlewares.ts";
import { endpoint } from "../../support/record/specs.ts";

const PLAIN: IngressSpec = { bind: "loopback", port: 8000, teamPort: 8000 };
const route = (headers?: Route["headers"]): Route => ({
  name: "app",
  host: "example.com",
  to: endpoint("apprun", 8080),
  audience: "public",
  rate: "standard",
  ...(headers && { headers }),
});
const made = (headers: Partial<Route["headers"]>) =>
  middlewares(PLAIN, [route({ ...DEFAULT_HEADERS, ...headers })])["security-headers-app"];

describe("what browsers are told of a route", () => {
  it("is the same for all that say nothing else, which then share it", () => {
    for (const same of [route(), route({ ...DEFAULT_HEADERS })]) {
      expect(middlewares(PLAIN, [same])).toEqual(middlewares(PLAIN));
      expect(chain(same, "read", PLAIN)[0]).toBe("security-headers");
    }
  });

  it("is its own where it says something else, in place of the shared one", () => {
    const own = route({ ...DEFAULT_HEADERS, camera: "self" });
    expect(Object.keys(middlewares(PLAIN, [own]))).toContain("security-headers-app");
    expect(chain(own, "write", PLAIN).filter((name) => name.startsWith("security"))).toEqual(["security-headers-app"]);
    // What sends browsers elsewhere shows no page.
    const redirect = { ...own, redirectsTo: "www.example.com" };
    expect(chain(redirect, "read", PLAIN)[0]).toBe("security-headers");
    expect(middlewares(PLAIN, [redirect])).toEqual(middlewares(PLAIN));
  });

  it("keeps every other header of the way in", () => {
    const { headers: shared } = middlewares(PLAIN)["security-headers"] as { headers: object };
    expect(made({ camera: "self" })).toEqual({
      headers: { ...shared, permissionsPolicy: "camera=(self), geolocation=(), microphone=()" },
    });
  });

  it("lets the page, and named origins in its frames, use what it names", () => {
    const origins = ["https://call.example.com", "https://maps.example.com"];
    expect(made({ microphone: "self", geolocation: origins })).toMatchObject({
      headers: {
        permissionsPolicy:
          'camera=(), geolocation=(self "https://call.example.com" "https://maps.example.com"), microphone=(self)',
      },
    });
  });

  it("says who may show it in a frame: nobody, named origins, or what it says itself", () => {
    expect(made({ frames: "none" })).toMatchObject({ headers: { customFrameOptionsValue: "DENY" } });
    const named = made({ frames: ["https://partner.example.com"] });
    expect(named).toMatchObject({
      headers: {
        contentSecurityPolicy: "frame-ancestors 'self' https://partner.example.com",
        customResponseHeaders: { "X-Frame-Options": "" },
      },
    });
    expect(named).not.toHaveProperty("headers.customFrameOptionsValue");
    const own = made({ frames: "app" });
    expect(own).not.toHaveProperty("headers.customFrameOptionsValue");
    expect(own).not.toHaveProperty("headers.contentSecurityPolicy");
    expect(own).not.toHaveProperty("headers.customResponseHeaders.X-Frame-Options");
  });
});
