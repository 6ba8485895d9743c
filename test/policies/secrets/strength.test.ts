import { secretStrength } from "../../../policies/secrets/strength.ts";
import { container, deployment, describePolicy, resource } from "../describe-policy.ts";

const END = "; allowed: generated secrets of 16 characters or more; let the program generate it";
const random = (length: number) => resource("random:index/randomPassword:RandomPassword", "jwt", { length });
const env = (...envs: string[]) => container({ envs });

describePolicy(secretStrength, {
  passes: {
    "a long generated secret": random(16),
    "a long secret": env("JWT_SECRET=0123456789abcdef"),
    "the path of a secret": env("POSTGRES_PASSWORD_FILE=/run/x", "DB_PASSWORD_PATH=/x"),
    "an empty one": env("DB_PASSWORD="),
    "what only sounds like one": env("PASSWORDLESS=yes", "TOKEN_TTL=5m", "SECRETARY=x", "LOG_LEVEL=info"),
    "a URL without a password": env("REDIS_URL=redis://redis:6379/0", "KRATOS_ADMIN_URL=http://kratos:4434"),
  },
  fails: {
    "a short generated secret": [random(15), `secret "jwt": got one of 15 characters${END}`],
    "a default": [
      env("POSTGRES_PASSWORD=password"),
      `container "app": got for POSTGRES_PASSWORD a default that everybody knows${END}`,
    ],
    "a default in capitals": [
      env("db_password=Secret"),
      `container "app": got for db_password a default that everybody knows${END}`,
    ],
    "a default with a hyphen": [
      env("JWT_SECRET=your-secret-key"),
      `container "app": got for JWT_SECRET a default that everybody knows${END}`,
    ],
    "a short secret": [
      env("API_TOKEN=0123456789abcde"),
      `container "app": got for API_TOKEN one of 15 characters${END}`,
    ],
    "a default in a URL": [
      env("DATABASE_URL=postgresql://apprun:password@postgres:5432/apprun?sslmode=disable"),
      `container "app": got for DATABASE_URL a default that everybody knows${END}`,
    ],
    "a default in a URL without a user": [
      env("REDIS_URL=redis://:secret@redis:6379"),
      `container "app": got for REDIS_URL a default that everybody knows${END}`,
    ],
    "each name of a secret": [
      env(
        "A_PWD=x",
        "A_PASS=x",
        "A_PASSWD=x",
        "A_CREDENTIALS=x",
        "AWS_SECRET_ACCESS_KEY=xxx",
        "ENCRYPTION_KEY=x",
        "APIKEY=x",
        "SECRETS_COOKIE=x",
      ),
      ...["A_PWD", "A_PASS", "A_PASSWD", "A_CREDENTIALS"].map(
        (key) => `container "app": got for ${key} one of 1 characters${END}`,
      ),
      `container "app": got for AWS_SECRET_ACCESS_KEY a default that everybody knows${END}`,
      ...["ENCRYPTION_KEY", "APIKEY", "SECRETS_COOKIE"].map(
        (key) => `container "app": got for ${key} one of 1 characters${END}`,
      ),
    ],
    "a default in a pod": [
      deployment({ container: { env: [{ name: "DB_PASSWORD", value: "secret" }] } }),
      `Deployment "app", container "main": got for DB_PASSWORD a default that everybody knows${END}`,
    ],
  },
});
