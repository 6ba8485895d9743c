import { secretNotInEnv } from "../../../policies/secrets/plain-env.ts";
import { container, deployment, describePolicy } from "../describe-policy.ts";

const END =
  "; allowed: a file below /run/secrets, or a reference to a Kubernetes Secret; give it with secretFiles and name the file with <KEY>_FILE; a secret of app.env or of a service's env belongs below apprun:secrets";

describePolicy(secretNotInEnv, {
  passes: {
    "the path of a secret": container({ envs: ["JWT_SECRET_FILE=/run/secrets/jwt", "LOG_LEVEL=info"] }),
    "the path of a secret, as a program takes it in place of a text": container({
      envs: ["PGRST_JWT_SECRET=@/run/secrets/jwt-key"],
    }),
    "an empty secret": container({ envs: ["DB_PASSWORD="] }),
    "a reference": deployment({
      container: { env: [{ name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "x", key: "y" } } }] },
    }),
    "a secret in a variable that the settings name": container({
      envs: ["NAMED_PASSWORD=a__secret_jwt__b", "STRIPE_KEY=__secret_own-stripe__"],
    }),
    "a command": container({ command: ["serve", "--url=http://kratos:4434"] }),
  },
  context: {
    named: {
      images: [],
      teamLabels: [],
      settingOf: () => undefined,
      secretVariable: (workload, variable) => workload === "app" && /^(STRIPE_KEY|NAMED_PASSWORD)$/.test(variable),
    },
  },
  fails: {
    "a secret by its name": [
      container({ envs: ["DB_PASSWORD=0123456789abcdef"] }),
      `container "app": got a secret in DB_PASSWORD${END}`,
    ],
    "a secret that begins as a path of a file does": [
      container({ envs: ["DB_PASSWORD=@/0123456789abcdef"] }),
      `container "app": got a secret in DB_PASSWORD${END}`,
    ],
    "a URL with a password": [
      container({ envs: ["DSN=postgres://a:b@c/d"] }),
      `container "app": got a secret in DSN${END}`,
    ],
    "a generated secret under any name": [
      container({ envs: ["X=a__secret_jwt__b"] }),
      `container "app": got a secret in X${END}`,
    ],
    "a variable that the settings name for another workload": [
      container({ envs: ["NAMED_PASSWORD=0123456789abcdef"] }, "worker"),
      `container "worker": got a secret in NAMED_PASSWORD${END}`,
    ],
    "a variable that the settings name, in the text of a pod": [
      deployment({ container: { env: [{ name: "NAMED_PASSWORD", value: "0123456789abcdef" }] } }),
      `Deployment "app", container "main": got a secret in NAMED_PASSWORD${END}`,
    ],
    "a secret in a command": [
      container({ command: ["--requirepass", "__secret_cache-password__"] }),
      `container "app": got a secret in its command${END}`,
    ],
    "a secret in an entrypoint": [
      container({ entrypoints: ["psql", "postgres://a:b@c/d"] }),
      `container "app": got a secret in its command${END}`,
    ],
    "a pod": [
      deployment({
        container: { env: [{ name: "DB_PASSWORD", value: "0123456789abcdef" }], args: ["postgres://a:b@c/d"] },
      }),
      `Deployment "app", container "main": got a secret in DB_PASSWORD${END}`,
      `Deployment "app", container "main": got a secret in its command${END}`,
    ],
  },
});
