import { nonRoot } from "../../../policies/containers/non-root.ts";
import { container, deployment, describePolicy } from "../describe-policy.ts";

const END = "; allowed: a user that is not root; set runAs to the image's user of the catalogue";
const adds = ["CAP_SETGID", "CAP_SETUID"];
const ROOT = `container "app": got user "0:0"${END}`;
const FILES = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SETGID", "CAP_SETUID"];
const networks = (...zones: readonly string[]) => ({
  networksAdvanced: zones.map((zone) => ({ name: `apprun-prod-${zone}` })),
});
/** What reads and writes the files of every service, with some of it changed. */
const administrator = (changes: object = {}) =>
  container({ user: "0:0", capabilities: { drops: ["ALL"], adds: FILES }, ...networks("data"), ...changes });

describePolicy(nonRoot, {
  passes: {
    "a user": container(),
    "a user that begins like root": container({ user: "01:01" }),
    "an entrypoint that steps down": container({ user: undefined, capabilities: { drops: ["ALL"], adds } }),
    "what administers the files of others": administrator(),
    "what does so and takes its backups outside": administrator(networks("edge", "data")),
    "what does so, whatever the order of its rights": administrator({
      capabilities: { drops: ["ALL"], adds: [...FILES].reverse() },
    }),
    "a pod": deployment(),
    "a pod that says so": deployment({
      security: { runAsUser: undefined },
      pod: { securityContext: { runAsNonRoot: true } },
    }),
    "a container that says so": deployment({ security: { runAsUser: undefined, runAsNonRoot: true } }),
    "a user of the pod": deployment({
      security: { runAsUser: undefined },
      pod: { securityContext: { runAsUser: 70 } },
    }),
  },
  fails: {
    "no user": [container({ user: undefined }), `container "app": got no user, which is root in most images${END}`],
    "no user and half of what stepping down needs": [
      container({ user: undefined, capabilities: { drops: ["ALL"], adds: ["CAP_SETUID"] } }),
      `container "app": got no user, which is root in most images${END}`,
    ],
    "no user and the default capabilities": [
      container({ user: undefined, capabilities: { adds } }),
      `container "app": got no user, which is root in most images${END}`,
    ],
    "root by number": [container({ user: "0:0" }), ROOT],
    "root with the name of what may be": [
      container({ user: "0:0", labels: [{ label: "io.apprun.service", value: "backup" }] }),
      ROOT,
    ],
    "an administrator of files with the default capabilities": [administrator({ capabilities: { adds: FILES } }), ROOT],
    "an administrator of files without all it needs for that": [
      administrator({ capabilities: { drops: ["ALL"], adds: FILES.slice(1) } }),
      ROOT,
    ],
    "an administrator of files who may do more": [
      administrator({ capabilities: { drops: ["ALL"], adds: [...FILES, "CAP_NET_RAW"] } }),
      ROOT,
    ],
    "an administrator of files that others call": [administrator(networks("backend", "data")), ROOT],
    "an administrator of files where no data is": [administrator(networks("edge")), ROOT],
    "an administrator of files with a port of the host": [
      administrator({ ports: [{ internal: 80, external: 80, ip: "127.0.0.1" }] }),
      ROOT,
    ],
    "an administrator of files in a pod": [
      deployment({
        labels: { "app.kubernetes.io/component": "data" },
        security: { runAsUser: 0, capabilities: { drop: ["ALL"], add: FILES.map((name) => name.slice(4)) } },
      }),
      `Deployment "app", container "main": got user "0"${END}`,
    ],
    "root by name": [container({ user: "root" }), `container "app": got user "root"${END}`],
    "root in a pod": [
      deployment({ security: { runAsUser: 0 } }),
      `Deployment "app", container "main": got user "0"${END}`,
    ],
    "no user in a pod, whatever its capabilities": [
      deployment({ security: { runAsUser: undefined, capabilities: { drop: ["ALL"], add: ["SETGID", "SETUID"] } } }),
      `Deployment "app", container "main": got no user, which is root in most images${END}`,
    ],
    "a pod that says the opposite": [
      deployment({ security: { runAsUser: undefined, runAsNonRoot: false } }),
      `Deployment "app", container "main": got no user, which is root in most images${END}`,
    ],
  },
});
