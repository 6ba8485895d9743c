import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    passWithNoTests: false,
    reporters: process.env["CI"] === undefined ? ["default"] : ["default", "./test/support/closing-line.ts"],
    projects: [
      // Every recording sets Pulumi's mocks again, so files share a process, and the SDK is loaded once.
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**"],
          pool: "forks",
          isolate: false,
          maxWorkers: "100%",
          globalSetup: "./test/support/run/temporary.ts",
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          pool: "forks",
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
