import type { KratosSettings } from "./settings.ts";

type Login = Pick<KratosSettings, "methods" | "providers" | "displayName" | "returnUrls">;

interface Where {
  /** URL of the app, whose pages ask for security keys. */
  readonly appUrl: string;
  readonly sendsMail: boolean;
}

/** Kratos' `selfservice.methods`; those that nobody switched on are not named, as Kratos has them off. */
export function methodsOf(
  { methods, providers, displayName, returnUrls }: Login,
  { appUrl, sendsMail }: Where,
): object {
  const { password, code, totp, lookupSecrets, webauthn, passkey } = methods;
  const { hostname } = new URL(appUrl);
  const name = displayName ?? hostname;
  // Browsers give a key to pages of this name and of those below it alone.
  const below = (url: URL) => url.hostname === hostname || url.hostname.endsWith(`.${hostname}`);
  const origins = [appUrl, ...returnUrls].map((url) => new URL(url)).filter(below);
  const rp = { id: hostname, display_name: name, origins: [...new Set(origins.map(({ origin }) => origin))] };
  return {
    password: { enabled: password },
    link: { enabled: sendsMail },
    code: {
      enabled: sendsMail,
      ...(code === "login" && { passwordless_enabled: true }),
      ...(code === "second-factor" && { mfa_enabled: true }),
    },
    ...(totp && { totp: { enabled: true, config: { issuer: name } } }),
    ...(lookupSecrets && { lookup_secret: { enabled: true } }),
    ...(webauthn !== "off" && { webauthn: { enabled: true, config: { passwordless: webauthn === "login", rp } } }),
    ...(passkey && { passkey: { enabled: true, config: { rp } } }),
    ...(Object.keys(providers).length > 0 && { oidc: { enabled: true } }),
  };
}
