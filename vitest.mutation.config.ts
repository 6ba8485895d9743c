import { defineConfig } from "vitest/config";

/** The specs of the policies alone, for `npm run mutate`: whole stacks take seconds, and a mutant has its spec to fail. */
export default defineConfig({ test: { include: ["test/policies/**/*.test.ts"], exclude: ["test/policies/{page,stacks}.test.ts"] } });
