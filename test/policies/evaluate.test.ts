import { describe, expect, it } from "vitest";
import { POLICIES } from "../../policies/all.ts";
import { evaluate } from "../../policies/evaluate.ts";
import { container, remoteImage } from "./describe-policy.ts";

const identity = (stack: string) => ({ identity: { project: "apprun", stack } });
const found = (stack: string, accept: Record<string, string> = {}) =>
  evaluate(
    [
      remoteImage("postgres:17-alpine"),
      container(
        {
          image: "postgres:17-alpine",
          envs: ["GF_AUTH_ANONYMOUS_ENABLED=true", "GF_SECURITY_ADMIN_PASSWORD__FILE=/x"],
        },
        "grafana",
      ),
    ],
    {
      ...identity(stack),
      accept,
    },
  )
    .filter(({ policy }) => policy.startsWith("image") || policy.startsWith("grafana"))
    .map(({ policy, enforcement, accepted }) => [policy, enforcement, accepted]);

describe("the policies", () => {
  it("are mandatory in prod", () => {
    expect(found("prod")).toEqual([
      ["image-digest", "mandatory", undefined],
      ["grafana-anonymous", "mandatory", undefined],
    ]);
  });

  it.each(["dev", "test", "staging", "pr-7"])("are advisory, or not looked for, in %s", (stack) => {
    expect(found(stack)).toEqual([["grafana-anonymous", "advisory", undefined]]);
  });

  it("do not end the command where they are accepted with a reason, and are still shown, behind the mandatory ones", () => {
    expect(found("prod", { "image-digest": "our registry is immutable" })).toEqual([
      ["grafana-anonymous", "mandatory", undefined],
      ["image-digest", "advisory", "our registry is immutable"],
    ]);
  });

  it("compare the limits with the host where its memory is known", () => {
    const limits = (hostMemory?: number) =>
      evaluate([container({ memory: 2048 })], {
        ...identity("dev"),
        ...(hostMemory !== undefined && { hostMemory }),
      }).filter(({ policy }) => policy === "limits-within-host");
    expect(limits(1024)).toHaveLength(1);
    expect(limits(2048)).toEqual([]);
    expect(limits()).toEqual([]);
  });

  it("say nothing of acceptance where nothing was accepted", () => {
    const [finding] = evaluate([container({ privileged: true })], identity("dev"));
    expect(finding).toStrictEqual({
      policy: "no-privileged",
      enforcement: "mandatory",
      message: 'container "app": got privileged; allowed: containers without it; remove privileged',
    });
  });

  it("have names of their own, fit for the engine, and facts for the page", () => {
    const names = POLICIES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, description, allowed, remedy } of POLICIES) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(description.endsWith("."), name).toBe(true);
      expect(Math.min(allowed.length, remedy.length), name).toBeGreaterThan(2);
    }
  });

  it("have a spec each, and a file each", async () => {
    const { readdirSync } = await import("node:fs");
    const files = (directory: string) =>
      readdirSync(directory, { recursive: true, encoding: "utf8" }).filter(
        (file) => file.includes("/") && file.endsWith(".ts") && !/^(read|seeds)\//.test(file),
      );
    const policies = files("policies").map((file) => file.replace(/\.ts$/, ".test.ts"));
    expect(policies.length).toBe(POLICIES.length);
    expect(files("test/policies").sort()).toEqual(policies.sort());
  });
});
