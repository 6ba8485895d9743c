import { problem } from "../../settings/kit/rule.ts";
import type { SettingsProblem } from "../../settings/kit/settings-problem.ts";

const SETTING = "postgrest.jwks";
/** Kinds of keys that have a public half. */
const PUBLIC_KINDS = ["EC", "OKP", "RSA"];
/** Members of a key that nobody but its holder may know (RFC 7518, 6). */
const PRIVATE = ["d", "k", "p", "q", "dp", "dq", "qi", "oth"];

/** What is wrong with a set of public keys: PostgREST takes a text that is none for a password. */
export function keySetProblem(text: string): SettingsProblem | undefined {
  const keys = keysIn(text);
  if (keys === undefined || keys.length === 0)
    return problem(SETTING, "a file without keys", 'a JWKS: { "keys": [ … ] } with one key or more', "change the file");
  const secret = keys.flatMap((key) => PRIVATE.filter((member) => Object.hasOwn(key, member)))[0];
  if (secret !== undefined)
    return problem(
      SETTING,
      `a key with its private member "${secret}"`,
      "public keys: files of the project are no place for a secret",
      "leave the private members out, and make new keys if the file was committed",
    );
  const other = keys.find(({ kty }) => typeof kty !== "string" || !PUBLIC_KINDS.includes(kty));
  return other === undefined
    ? undefined
    : problem(SETTING, `a key whose kty is ${JSON.stringify(other.kty)}`, PUBLIC_KINDS.join(", "), "change the file");
}

interface Key {
  readonly kty?: unknown;
}

function keysIn(text: string): readonly Key[] | undefined {
  try {
    const { keys } = JSON.parse(text) as { readonly keys?: unknown };
    return Array.isArray(keys) && keys.every((key: unknown) => typeof key === "object" && key !== null)
      ? keys
      : undefined;
  } catch {
    return undefined;
  }
}
