import * as cloudflare from "@pulumi/cloudflare";
import { secret, type ComponentResource } from "@pulumi/pulumi";
import type { Certificate } from "../platform/ingress.ts";
import { certificateRequest, privateKey } from "./certificate-authority.ts";
import type { CloudflareProvider } from "./provider.ts";

/** Days; the longest that Cloudflare signs, since nobody but Cloudflare looks at it. */
const VALIDITY = 5475;

export interface OriginCertificateArgs {
  readonly hosts: readonly string[];
  readonly commonName: string;
  readonly provider: CloudflareProvider | undefined;
}

/** A certificate of Cloudflare's origin authority: Cloudflare checks it in the mode Full (strict), browsers never see it. */
export function originCertificate(
  name: string,
  { hosts, commonName, provider }: OriginCertificateArgs,
  parent: ComponentResource,
): Certificate {
  const key = privateKey(`${name}-key`, parent);
  const csr = certificateRequest(`${name}-request`, { commonName, hosts, key }, parent);
  const { certificate } = new cloudflare.OriginCaCertificate(
    name,
    { csr, hostnames: [...hosts], requestType: "origin-ecc", requestedValidity: VALIDITY },
    { parent, ...(provider && { provider }) },
  );
  return { chain: certificate, key: secret(key.privateKeyPem) };
}
