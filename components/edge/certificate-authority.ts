import { ComponentResource, secret, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { Certificate } from "../platform/ingress.ts";

const DAY = 24;

/** Hours. A certificate is renewed by the first `up` in its last month; 397 days are the most that browsers take. */
const LEAF = { validityPeriodHours: 397 * DAY, earlyRenewalHours: 30 * DAY } as const;
const ROOT = { validityPeriodHours: 3650 * DAY, earlyRenewalHours: 400 * DAY } as const;

/** What a certificate is for: `server` for hosts, `client` for who connects to them. */
export interface LeafArgs {
  readonly use: "server" | "client";
  readonly commonName: string;
  /** @default [] */
  readonly hosts?: readonly string[];
}

/**
 * A certificate authority of this stack alone. Its private key is in the stack's
 * encrypted state and nowhere else.
 */
export class CertificateAuthority extends ComponentResource {
  /** The authority's own certificate in PEM; not secret. */
  readonly certificate: Output<string>;
  readonly #name: string;
  readonly #key: tls.PrivateKey;

  constructor(name: string, { commonName }: { readonly commonName: string }, opts: ComponentResourceOptions = {}) {
    super("apprun:edge:CertificateAuthority", name, {}, opts);
    this.#name = name;
    this.#key = privateKey(`${name}-key`, this);
    this.certificate = new tls.SelfSignedCert(
      name,
      {
        ...ROOT,
        privateKeyPem: this.#key.privateKeyPem,
        isCaCertificate: true,
        setSubjectKeyId: true,
        subject: { commonName },
        allowedUses: ["cert_signing", "crl_signing"],
      },
      { parent: this },
    ).certPem;
    this.registerOutputs({ commonName, certificate: this.certificate });
  }

  /** A certificate that this authority signs. `role` tells it from others of the same authority. */
  issue(role: string, { use, commonName, hosts = [] }: LeafArgs): Certificate {
    const name = `${this.#name}-${role}`;
    const key = privateKey(`${name}-key`, this);
    const request = certificateRequest(name, { commonName, hosts, key }, this);
    const { certPem, validityEndTime } = new tls.LocallySignedCert(
      name,
      {
        ...LEAF,
        caCertPem: this.certificate,
        caPrivateKeyPem: this.#key.privateKeyPem,
        certRequestPem: request,
        allowedUses: ["digital_signature", use === "server" ? "server_auth" : "client_auth"],
      },
      { parent: this },
    );
    return { chain: certPem, key: secret(key.privateKeyPem), ends: validityEndTime };
  }
}

/** P-256: what every client of TLS 1.2 knows, at a fraction of RSA's cost. */
export function privateKey(name: string, parent: ComponentResource): tls.PrivateKey {
  return new tls.PrivateKey(name, { algorithm: "ECDSA", ecdsaCurve: "P256" }, { parent });
}

/** A request for a certificate of these hosts, in PEM. */
export function certificateRequest(
  name: string,
  {
    commonName,
    hosts,
    key,
  }: { readonly commonName: string; readonly hosts: readonly string[]; readonly key: tls.PrivateKey },
  parent: ComponentResource,
): Output<string> {
  return new tls.CertRequest(
    name,
    { privateKeyPem: key.privateKeyPem, dnsNames: [...hosts], subject: { commonName } },
    { parent },
  ).certRequestPem;
}
