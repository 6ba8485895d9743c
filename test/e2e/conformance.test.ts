import { describe } from "vitest";
import { hasRestic } from "../support/e2e/available.ts";
import { dockerPlace } from "../support/e2e/conformance-docker.ts";
import { describeConformance } from "../support/e2e/conformance.ts";

const STACK = "pr-723";

describe.skipIf(!(await hasRestic()))("conformance on a real Docker Engine (skipped without restic 0.17)", async () => {
  await describeConformance("every service of the catalogue", STACK, dockerPlace(STACK));
});
