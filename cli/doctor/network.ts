import { lookup } from "node:dns/promises";
import { connect } from "node:tls";
import { findings, type DoctorFinding } from "./finding.ts";

const dns = findings("dns");
const tls = findings("tls");

/** Days before its end at which a certificate should have been renewed: ACME clients renew at 30. */
const RENEWAL = 14;
const TIMEOUT = 5000;
const DAY = 86_400_000;

/** The addresses of a name. */
type Lookup = (name: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

export interface NetworkOptions {
  /** Whether these names lead straight to the proxy of a Docker host that listens on IPv4 only. @default false */
  readonly ipv4Only?: boolean;
  /** @default - the machine's resolver */
  readonly lookedUp?: Lookup;
}

/** Whether the stack's host names resolve, and for how long their certificates hold. */
export async function networkFindings(
  urls: Readonly<Record<string, string>>,
  { ipv4Only = false, lookedUp = (name) => lookup(name, { all: true }) }: NetworkOptions = {},
): Promise<readonly DoctorFinding[]> {
  const pages = [...new Set(Object.values(urls).map((url) => new URL(url).origin))].map((origin) => new URL(origin));
  const names = [...new Set(pages.map(({ hostname }) => hostname))].filter((name) => !isOwn(name));
  const encrypted = pages.filter(({ protocol }) => protocol === "https:");
  return [
    ...(await Promise.all(names.map((name) => resolves(name, ipv4Only, lookedUp)))).flat(),
    ...(await Promise.all(encrypted.map(certificate))).flat(),
  ];
}

/** Names that browsers resolve to this machine by themselves; a resolver may not know them. */
function isOwn(name: string): boolean {
  return name.endsWith(".localhost");
}

async function resolves(name: string, ipv4Only: boolean, lookedUp: Lookup): Promise<readonly DoctorFinding[]> {
  try {
    const unheard = (await lookedUp(name)).filter(({ family }) => ipv4Only && family === 6);
    return unheard.map(({ address }) =>
      dns.warning(
        `host name ${name} has the address ${address}, where the proxy does not listen: it has IPv4 only`,
        "remove its AAAA record, set apprun:proxy.ipv6, or set apprun:front for a proxy that listens there",
      ),
    );
  } catch {
    return [
      dns.error(
        `host name ${name} does not resolve`,
        "make its DNS record, or set apprun:domain to a name that has one",
      ),
    ];
  }
}

function certificate({ hostname, port }: URL): Promise<readonly DoctorFinding[]> {
  const address = `${hostname}:${port || "443"}`;
  return new Promise((resolve) => {
    // Days are asked for, not trust: an own certificate is judged by its dates too.
    const socket = connect({
      host: isOwn(hostname) ? "127.0.0.1" : hostname,
      port: Number(port || 443),
      servername: hostname,
      rejectUnauthorized: false,
      timeout: TIMEOUT,
    });
    const end = (found: readonly DoctorFinding[]) => {
      socket.destroy();
      resolve(found);
    };
    socket.once("secureConnect", () => {
      end(daysLeftOf(address, socket.getPeerCertificate().valid_to));
    });
    const failed = (reason: string) => {
      end([tls.error(`${address}: no TLS connection (${reason})`, "look at the proxy: npm run status")]);
    };
    socket.once("timeout", () => {
      failed(`no answer in ${TIMEOUT} ms`);
    });
    socket.once("error", (error: Error) => {
      failed(error.message);
    });
  });
}

/** What the end of a certificate means, as the certificate writes it. */
export function daysLeftOf(holder: string, validTo: string): readonly DoctorFinding[] {
  const days = Math.floor((Date.parse(validTo) - Date.now()) / DAY);
  const remedy = "renew it; see the log of what renews it";
  if (days < 0) return [tls.error(`${holder}: its certificate ended ${-days} days ago`, remedy)];
  return days < RENEWAL
    ? [tls.warning(`${holder}: its certificate holds for ${days} more days; ${RENEWAL} are the least`, remedy)]
    : [];
}
