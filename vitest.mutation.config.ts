import { defineConfig } from "vitest/config";

/** The specs of the policies alone, for `npm run mutate`. */
export default defineConfig({ test: { include: ["test/policies/**/*.test.ts"], exclude: ["test/policies/page.test.ts"] } });
