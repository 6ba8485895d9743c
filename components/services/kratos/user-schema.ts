import identitySchema from "./identity.schema.json" with { type: "json" };
import { merge } from "../../settings/kit/merge.ts";
import type { KratosSettings } from "./settings.ts";

type Methods = KratosSettings["methods"];
type Credentials = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What says of a trait that users are known by it to each method that is on; without it Kratos' page for registration fails as a whole. */
export function neededCredentials({ password, code, webauthn, passkey, totp }: Methods): Credentials {
  return {
    ...(password && { password: { identifier: true } }),
    ...(code === "login" && { code: { identifier: true, via: "email" } }),
    ...(webauthn !== "off" && { webauthn: { identifier: true } }),
    ...(passkey && { passkey: { display_name: true } }),
    ...(totp && { totp: { account_name: true } }),
  };
}

/** The identity schema that is there without settings. */
export function userSchema(methods: Methods): object {
  const credentials = merge({ password: { identifier: true } }, neededCredentials(methods));
  return merge(identitySchema, {
    properties: { traits: { properties: { email: { "ory.sh/kratos": { credentials } } } } },
  });
}
