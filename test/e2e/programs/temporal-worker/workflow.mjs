import { proxyActivities } from "@temporalio/workflow";

const { compose } = proxyActivities({ startToCloseTimeout: "2 minutes" });

export const greet = (name, seconds) => compose(name, seconds);
