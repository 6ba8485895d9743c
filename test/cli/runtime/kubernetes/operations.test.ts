import { describe, expect, it } from "vitest";
import { exitCodeOf } from "../../../../cli/runtime/kubernetes/interactive-exec.ts";
import { used } from "../../../../cli/runtime/kubernetes/usage.ts";

describe("the exit code of a command in a pod", () => {
  it.each<[Parameters<typeof exitCodeOf>[0], number]>([
    [{ status: "Success" }, 0],
    [{ status: "Failure", details: { causes: [{ reason: "ExitCode", message: "7" }] } }, 7],
  ])("of %j", (status, code) => {
    expect(exitCodeOf(status)).toBe(code);
  });

  it("is none where the command could not be run", () => {
    expect(() => exitCodeOf({ status: "Failure", message: 'exec: "nope": not found' })).toThrow(
      'the command did not run: exec: "nope": not found; fix what it names',
    );
  });
});

it("what a pod uses is the sum of its containers", () => {
  const container = (cpu: string, memory: string) => ({ name: "x", usage: { cpu, memory } });
  expect(used({ containers: [container("12500000n", "64Mi"), container("1500u", "1Gi")] })).toEqual({
    cpu: 14,
    memory: 1088,
  });
});
