import { describe } from "vitest";
import { hasClusterWith } from "../support/e2e/cluster.ts";
import { clusterPlace } from "../support/e2e/conformance-cluster.ts";
import { describeConformance } from "../support/e2e/conformance.ts";

const STACK = "pr-724";

describe.skipIf(!(await hasClusterWith("apprun")))(
  "conformance on a real cluster (skipped without one, or where no node has the app's image)",
  async () => {
    await describeConformance("every service of the catalogue", STACK, clusterPlace(STACK));
  },
);
