import { PROD_ONLY, type StackPolicy } from "../policy.ts";

/** Three times what a stack with everything has; a loop that went wrong makes more. */
const MOST = 600;

export const resourceCount: StackPolicy = {
  kind: "stack",
  name: "resource-count",
  description:
    "A stack has a sane number of resources: a loop over the wrong list shows here before it shows on a host.",
  enforcement: PROD_ONLY,
  allowed: `${MOST} resources or fewer`,
  remedy: "look for what registers them",
  check: ({ length }) => (length > MOST ? [`stack: got ${length} resources`] : []),
};
