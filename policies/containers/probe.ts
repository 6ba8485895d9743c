import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { eachContainer } from "../read/container.ts";

export const healthProbe: ResourcePolicy = {
  kind: "resource",
  name: "health-probe",
  description:
    "Every service shows whether it is healthy: order of start, verification and the balance over replicas depend on it.",
  enforcement: EVERYWHERE,
  allowed: "a health check on Docker, readiness and liveness probes on Kubernetes",
  remedy: "give the workload a probe",
  check: eachContainer(({ job, probed }) => (job || probed ? [] : ["got none"])),
};
