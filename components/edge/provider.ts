import * as cloudflare from "@pulumi/cloudflare";
import { secret, type ComponentResource, type Output } from "@pulumi/pulumi";

/** The header in which Cloudflare names the client's address; it overwrites what a client sent. */
export const CLIENT_ADDRESS_HEADER = "Cf-Connecting-Ip";

export type CloudflareProvider = cloudflare.Provider;

export interface CloudflareProviderArgs {
  readonly cloudflare: { readonly apiUrl?: string | undefined };
  readonly secrets: { readonly cloudflareApiToken?: Output<string> };
}

/** How this stack talks to Cloudflare's API. */
export function cloudflareProvider(
  { cloudflare: { apiUrl }, secrets }: CloudflareProviderArgs,
  parent: ComponentResource,
): CloudflareProvider {
  return new cloudflare.Provider(
    "cloudflare",
    { apiToken: secrets.cloudflareApiToken ?? secret(""), ...(apiUrl !== undefined && { baseUrl: apiUrl }) },
    { parent },
  );
}
