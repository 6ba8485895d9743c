import { defineConfig } from "vitest/config";

/** The tests of what `npm run mutate` changes: whole stacks take seconds, and a mutant has its own tests to fail. */
export default defineConfig({
  test: {
    include: [
      "test/policies/**/*.test.ts",
      "test/cli/commands/{up,up-data,restore,restore-unfinished}.test.ts",
      "test/cli/backup/interrupted.test.ts",
    ],
    exclude: ["test/policies/stacks.test.ts"],
    // A recording takes longer where every line counts its mutants.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
