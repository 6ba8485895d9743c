import { problem, type Given, type Rule, type Slice } from "../../settings/kit/rule.ts";
import type { prometheus } from "../prometheus/settings.ts";
import type { alerting } from "./settings.ts";

/** What the rules read. */
type Read = Slice<{ alerting: typeof alerting; prometheus: typeof prometheus }> & Given<"alertEmailPassword">;

/** Mail about alerts has both halves of its settings, and somebody evaluates them. */
export const alertingRules: readonly Rule<Read>[] = [
  ({ alerting: { email }, secrets }) =>
    email?.username !== undefined && secrets.alertEmailPassword === undefined
      ? problem(
          "alertEmailPassword",
          "nothing",
          "a secret with alerting.email.username",
          "run: pulumi config set --secret apprun:alertEmailPassword",
        )
      : undefined,
  ({ alerting: { email }, secrets }) =>
    secrets.alertEmailPassword !== undefined && email?.username === undefined
      ? problem(
          "alerting.email.username",
          "nothing",
          "the name to log in with beside the secret alertEmailPassword",
          "set it or remove the secret",
        )
      : undefined,
  ({ alerting, prometheus, secrets }) =>
    (!prometheus.enabled || !alerting.enabled) && (alerting.email !== undefined || receivers(secrets).length > 0)
      ? problem(
          !prometheus.enabled ? "prometheus.enabled" : "alerting.enabled",
          "false",
          "true where alerts have a receiver",
          `set it to true, or remove alerting.email and ${receivers(secrets).join(", ") || "the receivers' secrets"}`,
        )
      : undefined,
];

const receivers = (secrets: object) => Object.keys(secrets).filter((key) => key.startsWith("alert"));
