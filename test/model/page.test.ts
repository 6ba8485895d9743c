import { describe, expect, it } from "vitest";
import { checkRoutes } from "../../components/model/page-check.ts";
import { hostNames, type Route } from "../../components/model/page.ts";
import type { Endpoint } from "../../components/model/workload.ts";
import type { Platform } from "../../components/platform/platform.ts";
import { endpoint } from "../support/record/specs.ts";

const route = (changes: Partial<Route> = {}): Route => ({
  name: "app",
  host: "example.com",
  to: endpoint("apprun", 8080),
  audience: "public",
  rate: "standard",
  ...changes,
});

describe("a route", () => {
  it("to a data-tier port does not compile", () => {
    const database = { ...endpoint("postgres", 5432), tier: "data" } as Endpoint<"data">;
    // @ts-expect-error the data tier is not routed to
    expect(route({ to: database }).to.tier).toBe("data");
  });

  it("to what a platform returned for a data-tier workload does not compile", () => {
    const types = (
      platform: Platform,
      spec: Parameters<typeof platform.workload<"data">>[1],
      parent: Parameters<Platform["workload"]>[2],
    ) => {
      const to = platform.workload("postgres", spec, parent).endpoint("postgres");
      // @ts-expect-error the tier comes along from the workload
      return route({ to });
    };
    expect(types).toBeTypeOf("function");
  });

  it("to a port that its workload keeps inside is refused", () => {
    expect(() => {
      checkRoutes([route({ to: endpoint("kratos", 4434, { portName: "admin", exposure: "internal" }) })]);
    }).toThrow(
      'route "app": got port "admin" of workload "kratos", whose exposure is internal; allowed: a port whose exposure is proxied; route to another port, or change the exposure in the workload',
    );
  });

  it.each<[string, Route[], string]>([
    [
      "name",
      [route(), route({ host: "api.example.com" })],
      'route "app": got name "app" a second time, after route "app"; allowed: every name, and every host with its path, once; change one of them',
    ],
    [
      "place",
      [route(), route({ name: "api", path: "/" })],
      'route "api": got "example.com/" a second time, after route "app"; allowed: every name, and every host with its path, once; change one of them',
    ],
    [
      "path",
      [route({ path: "/a`b" })],
      'route "app": got path "/a`b"; allowed: a path such as "/api" without spaces and backticks; change it',
    ],
  ])("is refused for its %s", (_, routes, message) => {
    expect(() => {
      checkRoutes(routes);
    }).toThrow(message);
  });

  it("may share its host with another path", () => {
    const routes = [route(), route({ name: "websocket", path: "/ws" })];
    checkRoutes(routes);
    expect(hostNames(routes)).toEqual(["example.com"]);
  });
});
