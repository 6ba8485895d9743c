import { secretNotInConfigMap } from "../../../policies/secrets/config-maps.ts";
import { describePolicy, resource } from "../describe-policy.ts";

const END = "; allowed: a Secret; give the file with secretFiles";
const map = (data: Record<string, string>, kind = "ConfigMap") =>
  resource(`kubernetes:core/v1:${kind}`, "app", { data });

describePolicy(secretNotInConfigMap, {
  passes: {
    "plain settings": map({ "default.yaml": "level: info" }),
    "a Secret": map({ "dsn.yml": "postgres://a:b@c/d" }, "Secret"),
  },
  fails: {
    "a URL with a password": [
      map({ "kratos.yml": "dsn: postgres://a:b@c/d" }),
      `ConfigMap "app": got a secret in kratos.yml${END}`,
    ],
    "a generated secret": [map({ x: "__secret_jwt__" }), `ConfigMap "app": got a secret in x${END}`],
    "a secret by its name": [map({ JWT_SECRET: "x" }), `ConfigMap "app": got a secret in JWT_SECRET${END}`],
  },
});
