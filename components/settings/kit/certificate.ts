import { X509Certificate } from "node:crypto";
import type { SettingsProblem } from "./settings-problem.ts";
import { problem } from "./rule.ts";

/** What is wrong with a certificate in PEM. The value is not shown: it may be a private key in the wrong place. */
export function certificateProblem(path: string, pem: string | undefined): SettingsProblem | undefined {
  if (pem === undefined || isCertificate(pem)) return undefined;
  return problem(
    path,
    "a text that is no certificate",
    'a certificate in PEM, from "-----BEGIN CERTIFICATE-----" on',
    "change it",
  );
}

/** The same for the authority of an HTTPS server; without HTTPS none is looked at. */
export function authorityProblem(
  path: string,
  { ca, endpoint }: { readonly ca?: string | undefined; readonly endpoint?: string | undefined } = {},
) {
  return ca !== undefined && endpoint?.startsWith("https://") !== true
    ? problem(path, "a certificate", "nothing without an endpoint of https", "remove it or change the endpoint")
    : certificateProblem(path, ca);
}

function isCertificate(pem: string): boolean {
  if (pem.includes("PRIVATE KEY")) return false;
  try {
    return new X509Certificate(pem).subject !== "";
  } catch {
    return false;
  }
}
