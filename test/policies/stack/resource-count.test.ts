import { resourceCount } from "../../../policies/stack/resource-count.ts";
import { container, describePolicy } from "../describe-policy.ts";

const many = (length: number) => Array.from({ length }, () => container());

describePolicy(resourceCount, {
  passes: { "as many as it may have": many(600) },
  fails: {
    "one more": [many(601), "stack: got 601 resources; allowed: 600 resources or fewer; look for what registers them"],
  },
});
