import { secretNotInEnv } from "../../../policies/secrets/plain-env.ts";
import { container, deployment, describePolicy } from "../describe-policy.ts";

const END =
  "; allowed: a file below /run/secrets, or a reference to a Kubernetes Secret; give it with secretFiles and name the file with <KEY>_FILE";

describePolicy(secretNotInEnv, {
  passes: {
    "the path of a secret": container({ envs: ["JWT_SECRET_FILE=/run/secrets/jwt", "LOG_LEVEL=info"] }),
    "an empty secret": container({ envs: ["DB_PASSWORD="] }),
    "a reference": deployment({
      container: { env: [{ name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "x", key: "y" } } }] },
    }),
    "a command": container({ command: ["serve", "--url=http://kratos:4434"] }),
  },
  fails: {
    "a secret by its name": [
      container({ envs: ["DB_PASSWORD=0123456789abcdef"] }),
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
