import { problem, type Generations, type Given, type Rule, type Slice } from "../../settings/kit/rule.ts";
import { refusedConfig } from "./extra-config.ts";
import { loginRules } from "./login-rules.ts";
import type { kratos } from "./settings.ts";

/** What the rules read. */
type Read = Slice<{ kratos: typeof kratos }> &
  Generations<"kratos-cipher"> &
  Given<"kratosCipher" | "smtpUri"> & {
    readonly domain: string;
    readonly projectFiles: Readonly<Record<string, string>>;
  };

/** Mail is sent with both halves of its settings or not at all. */
export const kratosRules: readonly Rule<Read>[] = [
  ({ kratos, secrets }) =>
    kratos.mailFrom !== undefined && secrets.smtpUri === undefined
      ? problem("smtpUri", "nothing", "a secret with kratos.mailFrom", "run: pulumi config set --secret apprun:smtpUri")
      : undefined,
  ({ kratos, secrets }) =>
    kratos.mailFrom === undefined && secrets.smtpUri !== undefined
      ? problem(
          "kratos.mailFrom",
          "nothing",
          "the sender's address with the secret smtpUri",
          'set it, such as "noreply@example.com"',
        )
      : undefined,
  ({ rotation, secrets }) =>
    secrets.kratosCipher !== undefined && (rotation["kratos-cipher"] ?? 1) > 1
      ? problem(
          "rotation.kratos-cipher",
          String(rotation["kratos-cipher"]),
          "1 with the secret kratosCipher, which is given and not generated",
          "remove one of them",
        )
      : undefined,
  ({ kratos }) =>
    kratos.mailFrom !== undefined && kratos.replicas > 1
      ? problem(
          "kratos.replicas",
          String(kratos.replicas),
          "1 with kratos.mailFrom: each replica would send every mail",
          "set it to 1 or remove kratos.mailFrom",
        )
      : undefined,
  ({ kratos, domain }) => refusedConfig(kratos.config, domain),
  ...loginRules,
];
