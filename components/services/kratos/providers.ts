import { mapperPath } from "./files.ts";
import type { ProviderSettings } from "./login-settings.ts";
import type { KratosSettings } from "./settings.ts";

type Providers = KratosSettings["providers"];

/** What identity providers must be asked for to say a mail address. */
const SCOPES: Partial<Record<ProviderSettings["provider"], readonly string[]>> = {
  github: ["user:email"],
  generic: ["openid", "email"],
  google: ["openid", "email"],
};

/** Names of the clients' secrets. */
export function providerSecrets(providers: Providers): readonly string[] {
  return Object.values(providers).map(({ clientSecret }) => clientSecret.secret);
}

/** The list of providers: whole in the secret file, because Kratos replaces a list by a later file's. */
export function providerList(providers: Providers, values: Readonly<Record<string, string>>): readonly object[] {
  return Object.entries(providers)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, given]) => ({
      id,
      provider: given.provider,
      client_id: given.clientId,
      client_secret: values[given.clientSecret.secret] ?? "",
      mapper_url: `file://${mapperPath(id, given)}`,
      ...defined({
        label: given.label,
        issuer_url: given.issuerUrl,
        auth_url: given.authUrl,
        token_url: given.tokenUrl,
        scope: given.scopes ?? SCOPES[given.provider],
        requested_claims: given.requestedClaims,
        claims_source: given.claimsSource,
        microsoft_tenant: given.tenant,
        subject_source: given.subjectSource,
        pkce: given.pkce,
        additional_id_token_audiences: given.audiences,
      }),
    }));
}

function defined(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
