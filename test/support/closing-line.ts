import type { Reporter, TestCase, TestModule } from "vitest/node";

/** Ends the output of a pipeline with one plain line that any reader of logs can count by. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: ReturnType<TestCase["result"]>["state"]) =>
      tests.filter((test) => test.result().state === state).length;
    // A file that cannot be loaded has no tests that could fail.
    const broken = modules.filter(
      (module) => module.state() === "failed" && [...module.children.allTests("failed")].length === 0,
    ).length;
    console.log(
      `\n${String(count("passed"))} passed, ${String(count("failed") + broken)} failed, ${String(count("skipped"))} skipped`,
    );
  }
}
