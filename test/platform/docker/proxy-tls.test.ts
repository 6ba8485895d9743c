import { secret, type Output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { certificateComment, tlsFilesJob } from "../../../components/platform/docker/tls-files.ts";
import type { IngressSpec, IngressTls } from "../../../components/platform/ingress.ts";
import { OPEN, GIVEN, ACME, FRONT, proxyImage, proxy, configuration, LOOPBACK } from "../../support/record/ingress.ts";
import { RESOURCES } from "../../support/record/specs.ts";

describe("TLS", () => {
  it("is 1.2 or newer for every host, and asks for a client certificate behind a reverse proxy", () => {
    expect(configuration({ ...OPEN, tls: GIVEN }).tls).toMatchObject({
      options: { default: { minVersion: "VersionTLS12" } },
      certificates: [{ certFile: "/tls/chain.pem", keyFile: "/tls/key.pem" }],
    });
    expect(configuration({ ...OPEN, tls: GIVEN }).tls).not.toHaveProperty("options.default.clientAuth");
    expect(configuration({ ...OPEN, tls: GIVEN, front: FRONT }).tls).toMatchObject({
      options: {
        default: { clientAuth: { caFiles: ["/tls/client-ca.pem"], clientAuthType: "RequireAndVerifyClientCert" } },
      },
    });
    expect(configuration(OPEN).tls).toBeUndefined();
  });

  it("orders one wildcard by DNS, with the token in a file", () => {
    const spec = proxy({ ...OPEN, tls: ACME });
    expect(spec.args).toEqual(
      expect.arrayContaining([
        "--certificatesresolvers.acme.acme.caserver=https://ca.example.com/directory",
        "--certificatesresolvers.acme.acme.email=ops@example.com",
        "--certificatesresolvers.acme.acme.storage=/tls/acme.json",
        "--certificatesresolvers.acme.acme.dnschallenge.provider=cloudflare",
      ]),
    );
    expect(spec.env).toEqual({ CF_DNS_API_TOKEN_FILE: "/run/secrets/cloudflare-dns-token" });
    expect(spec.secretFiles?.map(({ path }) => path)).toEqual(["/run/secrets/cloudflare-dns-token"]);
    expect(configuration({ ...OPEN, tls: ACME }).http.routers["app"]?.tls).toEqual({
      certResolver: "acme",
      domains: [{ main: "example.com", sans: ["*.example.com"] }],
    });
  });

  it("orders one certificate a host by HTTP", () => {
    const tls: IngressTls = {
      port: 443,
      source: {
        kind: "acme",
        acme: { directory: "https://ca.example.com", email: "ops@example.com", challenge: { kind: "http" } },
      },
    };
    expect(proxy({ ...OPEN, tls }).args).toContain("--certificatesresolvers.acme.acme.httpchallenge.entrypoint=web");
    expect(proxy({ ...OPEN, tls }).secretFiles).toBeUndefined();
    expect(configuration({ ...OPEN, tls }).http.routers["app"]?.tls).toEqual({ certResolver: "acme" });
  });

  it("trusts an authority of the operator's own by its root, and renews by how long its certificates hold", () => {
    const acme = {
      directory: "https://ca.internal",
      email: "o@example.com",
      ca: "root",
      challenge: { kind: "http" },
    } as const;
    const tls: IngressTls = { port: 443, source: { kind: "acme", acme: { ...acme, lifetime: "36h" } } };
    expect(proxy({ ...OPEN, tls }).args).toEqual(
      expect.arrayContaining([
        "--certificatesresolvers.acme.acme.cacertificates=/tls/acme-ca.pem",
        "--certificatesresolvers.acme.acme.certificatesduration=36",
      ]),
    );
    const volume = { name: "tls", id: "tls", spec: { size: "1Mi", retention: "cache" } } as const;
    const job = tlsFilesJob({ image: proxyImage, resources: RESOURCES }, { ...OPEN, tls }, volume);
    expect(job.files).toEqual([{ path: "/etc/certificates/acme-ca.pem", content: "root" }]);
    expect(job.args?.[0]).toContain("mv /tls/acme-ca.pem.new /tls/acme-ca.pem");
  });

  it("takes the private key from a secret file only, and hands it to the proxy's user", () => {
    const job = tlsFilesJob(
      { image: proxyImage, resources: RESOURCES },
      { ...OPEN, tls: GIVEN, front: FRONT },
      { name: "tls", id: "tls", spec: { size: "1Mi", retention: "cache" } },
    );
    expect(job.secretFiles?.map(({ path }) => path)).toEqual(["/run/secrets/tls-key.pem"]);
    expect(job.files?.map(({ path }) => path)).toEqual([
      "/etc/certificates/chain.pem",
      "/etc/certificates/client-ca.pem",
    ]);
    expect(job.args?.[0]).toContain(
      "cp /run/secrets/tls-key.pem /tls/key.pem.new && chmod 0400 /tls/key.pem.new && mv /tls/key.pem.new /tls/key.pem",
    );
    expect(job.args?.[0]).toMatch(/ && chown -R 65532:65532 \/tls$/);
  });
});

describe("the routes' text", () => {
  const textOf = (output: Output<string>) =>
    new Promise<string>((resolve) => {
      output.apply(resolve);
    });
  it("changes with the certificate, so that the proxy reads its files again, and with nothing else", async () => {
    const comment = (chain: string, clientCa: string) =>
      textOf(
        certificateComment({
          ...OPEN,
          tls: { port: 443, source: { kind: "given", certificate: { chain, key: secret("key") } } },
          front: { ...FRONT, clientCa },
        }),
      );
    const [one, same, other, otherCa] = [
      await comment("a", "ca"),
      await comment("a", "ca"),
      await comment("b", "ca"),
      await comment("a", "cb"),
    ];
    expect(one).toMatch(/^# certificates [0-9a-f]{16}\n$/);
    expect(same).toBe(one);
    expect(new Set([one, other, otherCa]).size).toBe(3);
  });
});

describe("who may say where a request comes from", () => {
  const trust = (spec: IngressSpec) => proxy(spec).args?.filter((argument) => argument.includes("forwardedheaders"));
  it("is nobody without something in front", () => {
    expect(trust({ ...OPEN, tls: GIVEN })).toEqual([]);
  });
  it("is a tunnel's client inside of the stack", () => {
    expect(
      trust({ ...LOOPBACK, front: { kind: "tunnel", clientAddressHeader: "Cf-Connecting-Ip", client: "tunnel" } }),
    ).toEqual(["--entrypoints.web.forwardedheaders.trustedips=127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16"]);
  });
  it("is the holder of the client certificate, where that is asked for and nowhere else", () => {
    expect(trust({ ...OPEN, tls: GIVEN, front: FRONT })).toEqual([
      "--entrypoints.websecure.forwardedheaders.insecure=true",
    ]);
  });
});
