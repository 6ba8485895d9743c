import { expect, it } from "vitest";
import { environmentOf } from "../../components/settings/kit/environment.ts";

it("reads an environment from a stack's name", () => {
  expect(environmentOf("dev")).toEqual({ kind: "dev", port: 8000, tlsPort: 8443 });
  expect(environmentOf("prod")).toEqual({ kind: "prod", port: 80, tlsPort: 443 });
  expect(environmentOf("pr-12")).toEqual({ kind: "pr", pullRequest: 12, port: 10_012, tlsPort: 20_012 });
});

it("gives no two stacks the same port, and none that Linux hands out to clients", () => {
  const stacks = ["dev", "test", "staging", "prod", ...Array.from({ length: 9999 }, (_, index) => `pr-${index + 1}`)];
  const ports = stacks.flatMap((stack) => [environmentOf(stack).port, environmentOf(stack).tlsPort]);
  expect(new Set(ports).size).toBe(2 * stacks.length);
  expect(Math.max(...ports)).toBeLessThan(32_768);
});

it.each(["", "pr-0", "pr-01", "pr-10000", "production", "toString", "../dev"])("refuses %j", (stack) => {
  expect(() => environmentOf(stack)).toThrow(
    `stack name: got "${stack}"; allowed: dev, test, staging, prod or pr-<n> with n from 1 to 9999; choose one of them: ports, networks and host names derive from it`,
  );
});
