import { describe, expect, it } from "vitest";
import { atMost } from "../../../components/platform/traefik/at-most.ts";
import { priority, rule } from "../../../components/platform/traefik/rules.ts";

describe("numbers at most one", () => {
  it.each([0, 1, 7, 9, 10, 11, 42, 99, 100, 101, 109, 190, 999, 1000, 1024, 2500])("%i, and no other", (limit) => {
    const matches = new RegExp(`^(${atMost(limit)})$`);
    for (let number = 0; number <= 12_000; number += 1)
      expect([number, matches.test(String(number))]).toEqual([number, number <= limit]);
  });

  it.each([16_777_216, 209_715_200, 1_073_741_824])("%i at its edges", (limit) => {
    const matches = new RegExp(`^(${atMost(limit)})$`);
    for (const number of [0, 9, limit - 1, limit])
      expect([number, matches.test(String(number))]).toEqual([number, true]);
    for (const text of [limit + 1, limit * 10, -1, `0${limit}`, `${limit}, ${limit}`, "", "1e3", "+1"])
      expect([text, matches.test(String(text))]).toEqual([text, false]);
  });
});

describe("a route", () => {
  const APP = { host: "example.com", hidden: ["/metrics", "/admin.d/"] };
  const HIDDEN = "!PathRegexp(`(?i)^/metrics(/|$)`) && !PathRegexp(`(?i)^/admin\\.d(/|$)`)";

  it("takes what has no body, what says how long it is, and what does not, in three rules", () => {
    const place = "Host(`example.com`)";
    expect(rule({ host: "example.com" })).toBe(place);
    expect(rule({ host: "example.com" }, "sized", 9)).toBe(
      `${place} && HeaderRegexp(\`Content-Length\`, \`^([0-8]|9)$\`)`,
    );
    expect(rule({ host: "example.com" }, "write")).toBe(
      `${place} && ((!Method(\`GET\`) && !Method(\`HEAD\`) && !Method(\`OPTIONS\`)) || HeaderRegexp(\`Content-Length\`, \`[1-9]\`))`,
    );
  });

  it("leaves out what is hidden, in any case and with all below it", () => {
    expect(rule(APP)).toBe(`Host(\`example.com\`) && ${HIDDEN}`);
    expect(rule({ ...APP, path: "/ws" })).toBe("Host(`example.com`) && PathPrefix(`/ws`)");
  });

  it("that takes its path away is for that path and what is below it, and for no longer word", () => {
    expect(rule({ host: "example.com", path: "/data", stripsPath: true })).toBe(
      "Host(`example.com`) && (Path(`/data`) || PathPrefix(`/data/`))",
    );
  });

  it("of a longer path comes first, whatever the request", () => {
    const of = (path: string) =>
      (["read", "write", "sized"] as const).map((direction) => priority({ path }, direction));
    expect([...of("/"), ...of("/w"), ...of("/ws")]).toEqual([13, 14, 15, 16, 17, 18, 19, 20, 21]);
  });
});
