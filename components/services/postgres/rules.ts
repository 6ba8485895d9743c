import { chooseImage, type ImageSettings } from "../../model/images.ts";
import { majorVersion } from "../../model/postgres-version.ts";
import { mebibytes } from "../../model/units.ts";
import { certificateProblem } from "../../settings/kit/certificate.ts";
import { problem, type Generations, type Given, type Rule, type Slice } from "../../settings/kit/rule.ts";
import { POSTGRES_IMAGES } from "./images.ts";
import type { postgres } from "./settings.ts";

/** What the rules read. */
type Read = Slice<{ postgres: typeof postgres }> &
  Generations<"postgres-superuser"> &
  Given<"postgresAdminPassword" | "backupAccessKeyId" | "backupSecretAccessKey"> & {
    readonly platform: string;
    readonly images: ImageSettings;
  };

/** PostgreSQL, its own or a managed one. */
export const postgresRules: readonly Rule<Read>[] = [
  ({ postgres }) =>
    postgres.mode !== "external" && postgres.external !== undefined
      ? problem(
          "postgres.external",
          "a map",
          `nothing with postgres.mode ${postgres.mode}`,
          "set postgres.mode to external or remove postgres.external",
        )
      : undefined,
  ({ postgres }) =>
    postgres.mode === "external" && postgres.external === undefined
      ? problem(
          "postgres.external",
          "nothing",
          "host, port, adminUser and sslMode of the server",
          "add it or set postgres.mode to container",
        )
      : undefined,
  ({ postgres, secrets }) =>
    postgres.mode === "external" && secrets.postgresAdminPassword === undefined
      ? problem(
          "postgresAdminPassword",
          "nothing",
          "a secret with postgres.mode external",
          "run: pulumi config set --secret apprun:postgresAdminPassword",
        )
      : undefined,
  ({ postgres, secrets }) =>
    postgres.mode !== "external" && secrets.postgresAdminPassword !== undefined
      ? problem(
          "postgresAdminPassword",
          "a secret",
          `nothing with postgres.mode ${postgres.mode}`,
          "remove it or set postgres.mode to external",
        )
      : undefined,
  ({ postgres: { external } }) =>
    external?.sslMode === "verify-ca" && external.ca === undefined
      ? problem(
          "postgres.external.ca",
          "nothing",
          "a certificate in PEM with sslMode verify-ca",
          "set it, or sslMode to verify-full for public authorities",
        )
      : undefined,
  ({ postgres: { external } }) =>
    external?.ca !== undefined && !external.sslMode.startsWith("verify-")
      ? problem(
          "postgres.external.ca",
          "a certificate",
          `nothing with sslMode ${external.sslMode}, which looks at none`,
          "set sslMode to verify-full",
        )
      : certificateProblem("postgres.external.ca", external?.ca),
  ({ postgres }) =>
    postgres.mode === "container" && mebibytes(postgres.resources.limits.memory) < 256
      ? problem(
          "postgres.resources.limits.memory",
          JSON.stringify(postgres.resources.limits.memory),
          "at least 256Mi",
          "raise it",
        )
      : undefined,
  ({ postgres, platform }) =>
    postgres.upgradeFrom !== undefined && (postgres.mode !== "container" || platform !== "docker")
      ? problem(
          "postgres.upgradeFrom",
          String(postgres.upgradeFrom),
          `nothing with postgres.mode ${postgres.mode} on platform ${platform}: only a server in a container on a Docker host is upgraded in place`,
          "remove it; elsewhere bring up a second stack with the new version and move a dump there",
        )
      : undefined,
  ({ postgres, images }) => {
    // Without a version in the tag another rule complains.
    if (images.pins?.["postgres"]?.tag === "latest" || postgres.upgradeFrom === undefined) return undefined;
    const wanted = majorVersion(chooseImage("postgres", POSTGRES_IMAGES.postgres, images));
    return postgres.upgradeFrom >= Number(wanted)
      ? problem(
          "postgres.upgradeFrom",
          String(postgres.upgradeFrom),
          `an older major version than the image's, ${wanted}: a server never reads the data of a newer one`,
          "set images.pins.postgres.tag to a newer version or remove postgres.upgradeFrom",
        )
      : undefined;
  },
  ({ postgres, rotation }) =>
    postgres.mode === "operator" && (rotation["postgres-superuser"] ?? 1) > 1
      ? problem(
          "rotation.postgres-superuser",
          String(rotation["postgres-superuser"]),
          "1 with postgres.mode operator, which changes its superuser's password in its own time, later than the jobs that use it",
          "remove it",
        )
      : undefined,
  ({ postgres, secrets }) => {
    if (postgres.mode !== "operator" || postgres.operator.backup === undefined) return undefined;
    const missing = (["backupAccessKeyId", "backupSecretAccessKey"] as const).find((key) => secrets[key] === undefined);
    return missing === undefined
      ? undefined
      : problem(
          missing,
          "nothing",
          "a secret with postgres.operator.backup",
          `run: pulumi config set --secret apprun:${missing}`,
        );
  },
];
