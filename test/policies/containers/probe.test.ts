import { healthProbe } from "../../../policies/containers/probe.ts";
import { container, deployment, describePolicy, job } from "../describe-policy.ts";

const END =
  "got none; allowed: a health check on Docker, readiness and liveness probes on Kubernetes; give the workload a probe";

describePolicy(healthProbe, {
  passes: {
    "a service": container(),
    "a job": job(),
    "a pod and what runs before it": deployment({ init: {} }),
    "a pod that ends": deployment({ container: { readinessProbe: undefined } }, "dump", "batch/v1:Job"),
  },
  fails: {
    "a service without": [container({ healthcheck: undefined }), `container "app": ${END}`],
    "an empty check": [container({ healthcheck: { tests: [] } }), `container "app": ${END}`],
    "a check that is switched off": [container({ healthcheck: { tests: ["NONE"] } }), `container "app": ${END}`],
    "a pod that is never found dead": [
      deployment({ container: { livenessProbe: undefined } }),
      `Deployment "app", container "main": ${END}`,
    ],
    "a pod that is never found ready": [
      deployment({ container: { readinessProbe: undefined } }),
      `Deployment "app", container "main": ${END}`,
    ],
  },
});
