import { limitsWithinHost } from "../../../policies/stack/limits-within-host.ts";
import { container, describePolicy, job, resource } from "../describe-policy.ts";

describePolicy(limitsWithinHost, {
  passes: {
    "exactly the host": [container({ memory: 512 }), container({ memory: 512 })],
    "jobs, which are over when services run": [container({ memory: 1024 }), job({ memory: 1 })],
    "the memory of something else": [
      container({ memory: 1024 }),
      resource("docker:index/service:Service", "x", { memory: 1 }),
    ],
    "a limit that is not known yet": [container({ memory: 1024 }), container({ memory: "[unknown until the update]" })],
  },
  fails: {
    "more than the host": [
      [container({ memory: 512 }), container({ memory: 1024 })],
      "limits: got 1.5Gi for a host of 1Gi; allowed: the host's memory, host.memory; lower the limits or raise host.memory to what the host has",
    ],
  },
});

describePolicy(
  { ...limitsWithinHost, name: "limits-within-host on a host that is not known" },
  { context: { hostMemory: undefined }, passes: { "any sum": container({ memory: 99_999 }) }, fails: {} },
);
