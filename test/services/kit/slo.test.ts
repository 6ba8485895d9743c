import { describe, expect, it } from "vitest";
import { slo as settings } from "../../../components/services/app/slo-settings.ts";
import { sloAlerts } from "../../../components/services/kit/slo.ts";

/** The limits of the four pairs of windows, the fastest first. */
function limits(percent: number): readonly number[] {
  const slo = { name: "errors", service: "app", bad: "bad", objective: percent / 100, ratio: () => "" };
  const alerts = sloAlerts(slo, { fast: "Fast", slow: "Slow" });
  return alerts.flatMap(({ expr }) => [...expr.matchAll(/> ([\d.e-]+) and/g)].map(([, limit]) => Number(limit)));
}

/** From the least objective that the settings take to the highest. */
const ALLOWED = [...Array.from({ length: 500 }, (_, tenth) => 50 + tenth / 10), 99.95, 99.99];

describe("the alerts on an error budget", () => {
  it.each([
    [99.99, [0.00144, 0.0006, 0.0003, 0.0001]],
    [99.5, [0.072, 0.03, 0.015, 0.005]],
    [95, [0.72, 0.3, 0.15, 0.05]],
    [93.75, [0.9, 0.375, 0.1875, 0.0625]],
    [90, [0.9, 0.6, 0.3, 0.1]],
    [80, [0.9, 0.9, 0.6, 0.2]],
    [50, [0.9, 0.9, 0.9, 0.5]],
  ])("with an objective of %d percent fire above %j of bad requests", (percent, expected) => {
    expect(limits(percent)).toEqual(expected);
  });

  it("can fire for every objective that the settings take, and not while it is met", () => {
    for (const percent of ALLOWED) {
      expect(settings.parse({ availability: percent, latency: percent })).toEqual({
        availability: percent,
        latency: percent,
      });
      const found = limits(percent);
      expect(found, String(percent)).toHaveLength(4);
      // Everything bad is more than the limit, and what the objective allows is not.
      for (const limit of found)
        expect(limit < 1 && limit >= 1 - percent / 100 - 1e-9, `${percent} %: ${limit}`).toBe(true);
    }
    expect([49.99, 100].map((percent) => settings.safeParse({ latency: percent }).success)).toEqual([false, false]);
  });
});
