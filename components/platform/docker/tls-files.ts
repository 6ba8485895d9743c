import { createHash } from "node:crypto";
import { all, output, type Output } from "@pulumi/pulumi";
import type { Volume } from "../../model/volume.ts";
import type { JobSpec } from "../../model/workload.ts";
import type { IngressSpec } from "../ingress.ts";
import { ACME_CA, TLS_DIRECTORY, type ProxyArgs } from "./proxy.ts";

/** What the proxy reads, in the volume of its certificates. */
export const CERTIFICATE_FILES = {
  chain: `${TLS_DIRECTORY}/chain.pem`,
  key: `${TLS_DIRECTORY}/key.pem`,
  clientCa: `${TLS_DIRECTORY}/client-ca.pem`,
  acmeCa: ACME_CA,
} as const;

const GIVEN = {
  chain: "/etc/certificates/chain.pem",
  key: "/run/secrets/tls-key.pem",
  clientCa: "/etc/certificates/client-ca.pem",
  acmeCa: "/etc/certificates/acme-ca.pem",
} as const;

/**
 * The job that fills the volume: it copies what is given, and gives all to the
 * proxy's user, who writes what it orders there by itself. The proxy's own root
 * stays read-only, and another certificate leaves it and its connections alone.
 */
export function tlsFilesJob({ image, resources }: ProxyArgs, { tls, front }: IngressSpec, volume: Volume): JobSpec {
  const owner = `${image.uid}:${image.gid}`;
  const given = tls?.source.kind === "given" ? tls.source.certificate : undefined;
  const clientCa = front?.kind === "proxy" ? front.clientCa : undefined;
  const acmeCa = tls?.source.kind === "acme" ? tls.source.acme.ca : undefined;
  const copy = (file: keyof typeof GIVEN) =>
    `cp ${GIVEN[file]} ${CERTIFICATE_FILES[file]}.new && chmod 0400 ${CERTIFICATE_FILES[file]}.new && mv ${CERTIFICATE_FILES[file]}.new ${CERTIFICATE_FILES[file]}`;
  return {
    image,
    entrypoint: ["sh", "-c"],
    args: [
      [
        ...(given ? [copy("chain"), copy("key")] : []),
        ...(clientCa === undefined ? [] : [copy("clientCa")]),
        ...(acmeCa === undefined ? [] : [copy("acmeCa")]),
        `chown -R ${owner} ${TLS_DIRECTORY}`,
      ].join(" && "),
    ],
    files: [
      ...(given ? [{ path: GIVEN.chain, content: given.chain }] : []),
      ...(clientCa === undefined ? [] : [{ path: GIVEN.clientCa, content: clientCa }]),
      ...(acmeCa === undefined ? [] : [{ path: GIVEN.acmeCa, content: acmeCa }]),
    ],
    ...(given && { secretFiles: [{ path: GIVEN.key, content: given.key }] }),
    mounts: [{ volume, path: TLS_DIRECTORY }],
    resources,
    runAs: { uid: image.uid, gid: image.gid, entrypointStepsDown: true },
    zone: "edge",
  };
}

/** A line that changes with the certificate, so that the proxy reads its files again. */
export function certificateComment({ tls, front }: IngressSpec): Output<string> {
  const chain = tls?.source.kind === "given" ? tls.source.certificate.chain : "";
  return all([output(chain), output(front?.kind === "proxy" ? front.clientCa : "")]).apply(
    (texts) => `# certificates ${createHash("sha256").update(texts.join("\n")).digest("hex").slice(0, 16)}\n`,
  );
}
