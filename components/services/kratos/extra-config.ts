import { problem } from "../../settings/kit/rule.ts";
import type { SettingsProblem } from "../../settings/kit/settings-problem.ts";
import { isMap } from "../../settings/kit/merge.ts";

/** What an operator may add below these; each other key of kratos.yml is the program's. */
const OPEN = [
  "clients",
  "cookies",
  "courier",
  "database",
  "feature_flags",
  "hashers",
  "log",
  "oauth2_provider",
  "security",
  "selfservice",
  "session",
] as const;

interface Held {
  readonly path: RegExp;
  /** Values that are taken all the same. @default - none */
  readonly takes?: (value: unknown) => boolean;
  readonly allowed: string;
}

const ownSetting = (path: RegExp, setting: string): Held => ({ path, allowed: `nothing here: ${setting} says it` });
const from = (least: number) => (value: unknown) => typeof value === "number" && value >= least;

/** What stays as it is, by path. The first that fits counts. */
const HELD: readonly Held[] = [
  {
    path: /(^|\.)(auth|client_secret|connection_uri|apple_private_key|password_hash)$/,
    allowed: "no secret in a plain file",
  },
  { path: /\.headers\.(authorization|cookie|x-api-key)$/i, allowed: "no secret in a plain file" },
  {
    path: /^cookies\.same_site$|^session\.cookie\.same_site$/,
    takes: (value) => value === "Lax" || value === "Strict",
    allowed: '"Lax" or "Strict"',
  },
  ownSetting(/^cookies\.|^session\.cookie\.(domain|path|secure)$/, "kratos.sessionCookie"),
  ownSetting(/^session\.lifespan$/, "kratos.sessionLifespan"),
  { path: /^session\.whoami\.tokenizer/, allowed: "no keys in a plain file" },
  { path: /^hashers\.algorithm$/, takes: (value) => value === "bcrypt", allowed: '"bcrypt"' },
  { path: /^hashers\.bcrypt\.cost$/, takes: from(12), allowed: "12 or more" },
  { path: /^hashers\./, allowed: "hashers.bcrypt.cost alone" },
  {
    path: /^log\.level$/,
    takes: (value) => ["info", "warning", "error"].includes(String(value)),
    allowed: '"info", "warning" or "error"',
  },
  { path: /^log\./, allowed: "log.level alone" },
  ownSetting(/^courier\.smtp\.from_address$/, "kratos.mailFrom"),
  ownSetting(/^courier\.smtp\.from_name$/, "kratos.displayName"),
  ownSetting(/^courier\.template_override_path$/, "kratos.mailTemplates"),
  { path: /^courier\.(channels|http|delivery_strategy)/, allowed: "nothing here: mails go out by the secret smtpUri" },
  ownSetting(/^selfservice\.allowed_return_urls/, "kratos.returnUrls"),
  ownSetting(/^selfservice\.methods\.oidc/, "kratos.providers"),
  ownSetting(/^selfservice\.methods\.\w+\.(enabled|passwordless_enabled|mfa_enabled)$/, "kratos.methods"),
  ownSetting(/^selfservice\.methods\.(webauthn|passkey|totp)\./, "kratos.methods"),
  ownSetting(/^selfservice\.flows\.\w+\.(before|after)(\.\w+)?\.hooks/, "kratos.webHooks"),
  { path: /^selfservice\.methods\.password\.config\.min_password_length$/, takes: from(8), allowed: "8 or more" },
  {
    path: /^selfservice\.methods\.password\.config\.identifier_similarity_check_enabled$/,
    takes: (value) => value === true,
    allowed: "true",
  },
  {
    path: /^selfservice\.methods\.password\.config\.migrate_hook/,
    allowed: "nothing: it hands passwords to another address",
  },
  {
    path: /^selfservice\.methods\.code\.config\.missing_credential_fallback_enabled$/,
    takes: (value) => value === false,
    allowed: "false",
  },
  { path: /^security\.account_enumeration\.mitigate$/, takes: (value) => value === true, allowed: "true" },
];

/** Addresses that users are sent to: pages of the stack alone, or links in mails would lead elsewhere. */
const PAGE = /\.(ui_url|default_browser_return_url)$|^selfservice\.default_browser_return_url$/;

/** What `kratos.config` may not say. `domain` is the stack's. */
export function refusedConfig(config: Readonly<Record<string, unknown>>, domain: string): readonly SettingsProblem[] {
  return leaves(config).flatMap(({ path, value }) => {
    const setting = `kratos.config.${path}`;
    const [first = ""] = path.split(".");
    if (!(OPEN as readonly string[]).includes(first))
      return problem(setting, shown(value), `keys below ${OPEN.join(", ")}`, "remove it");
    const held = HELD.find((each) => each.path.test(path));
    if (held !== undefined && !(held.takes?.(value) ?? false))
      return problem(
        setting,
        held.allowed.includes("plain file") ? "a value" : shown(value),
        held.allowed,
        "remove it",
      );
    if (PAGE.test(path) && !isOwnPage(value, domain))
      return problem(setting, shown(value), `an URL of ${domain} or of a host below it`, "change it");
    return [];
  });
}

function isOwnPage(value: unknown, domain: string): boolean {
  if (typeof value !== "string" || !URL.canParse(value)) return false;
  const { hostname, protocol } = new URL(value);
  return /^https?:$/.test(protocol) && (hostname === domain || hostname.endsWith(`.${domain}`));
}

/** Every value that is no map, and every empty map, with its path; lists count with each of their maps' values. */
function leaves(
  value: unknown,
  path: readonly string[] = [],
): readonly { readonly path: string; readonly value: unknown }[] {
  const entries = isMap(value)
    ? Object.entries(value)
    : Array.isArray(value)
      ? value.map((each, index) => [String(index), each] as const)
      : [];
  if (entries.length === 0) return path.length === 0 ? [] : [{ path: path.join("."), value }];
  return entries.flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

function shown(value: unknown): string {
  return isMap(value) ? "a map" : Array.isArray(value) ? "a list" : JSON.stringify(value);
}
