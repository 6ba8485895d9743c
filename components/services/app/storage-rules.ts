import { authorityProblem } from "../../settings/kit/certificate.ts";
import { problem, type Given, type Rule, type Slice } from "../../settings/kit/rule.ts";
import type { storage } from "./storage-settings.ts";

/** What the rules read. */
type Read = Slice<{ storage: typeof storage }> & Given<"storageAccessKeyId" | "storageSecretAccessKey">;

/** The app's files, on a volume or in a bucket. */
export const storageRules: readonly Rule<Read>[] = [
  ({ storage }) =>
    storage.mode === "s3" && storage.s3 === undefined
      ? problem(
          "storage.s3",
          "nothing",
          "bucket and, except for AWS, endpoint with storage.mode s3",
          "add it or set storage.mode to local",
        )
      : undefined,
  ({ storage }) =>
    storage.mode !== "s3" && storage.s3 !== undefined
      ? problem(
          "storage.s3",
          "a map",
          `nothing with storage.mode ${storage.mode}`,
          "set storage.mode to s3 or remove it",
        )
      : undefined,
  ...(["storageAccessKeyId", "storageSecretAccessKey"] as const).flatMap((key): Rule<Read>[] => [
    ({ storage, secrets }) =>
      storage.mode === "s3" && secrets[key] === undefined
        ? problem(key, "nothing", "a secret with storage.mode s3", `run: pulumi config set --secret apprun:${key}`)
        : undefined,
    ({ storage, secrets }) =>
      storage.mode !== "s3" && secrets[key] !== undefined
        ? problem(key, "a secret", `nothing with storage.mode ${storage.mode}`, "remove it or set storage.mode to s3")
        : undefined,
  ]),
  ({ storage }) => authorityProblem("storage.s3.ca", storage.s3),
];
