import { describe, expect, it } from "vitest";
import { IMAGE_NAMES } from "../../components/services/catalogue.ts";
import { app } from "../../components/services/app/settings.ts";
import { CA_CERTIFICATE } from "../support/fakes/certificate.ts";
import { messageOf } from "../support/record/settings.ts";

const APP_KEYS = Object.keys(app.unwrap().shape).sort().join(", ");

describe("bad settings are refused with what was given, what is allowed and what to do", () => {
  it.each<[Record<string, unknown>, string, string?]>([
    [
      { domain: "Example.com" },
      '  apprun:domain: got "Example.com"; allowed: a host name in lower case such as "example.com" or "{stack}.example.com"; change it',
    ],
    [
      { domain: "bücher.example" },
      '  apprun:domain: got "bücher.example"; allowed: a host name in lower case such as "example.com" or "{stack}.example.com"; DNS writes this one "xn--bcher-kva.example"; change it',
    ],
    [
      { domain: "192.168.1.10" },
      '  apprun:domain: got "192.168.1.10"; allowed: a name, because every page has one of its own below it, such as "192.168.1.10.nip.io"; change it',
    ],
    [
      { domain: `${"a".repeat(64)}.example.com` },
      `  apprun:domain: got "${"a".repeat(64)}.example.com"; allowed: a host name of at most 253 characters, with at most 63 between two dots; change it`,
    ],
    [
      { domain: `${"a.".repeat(126)}aa` },
      `  apprun:domain: got "${"a.".repeat(126)}aa"; allowed: a host name of at most 253 characters, with at most 63 between two dots; change it`,
    ],
    [
      { domain: "{name}.example.com" },
      '  apprun:domain: got "{name}.example.com"; allowed: a host name in lower case such as "example.com" or "{stack}.example.com"; change it',
    ],
    [
      { domain: 7 },
      '  apprun:domain: got 7; allowed: a host name in lower case such as "example.com" or "{stack}.example.com"; change it',
    ],
    [
      { docker: { host: "localhost:2375" } },
      '  apprun:docker.host: got "localhost:2375"; allowed: unix:///path/of/docker.sock, ssh://[user@]host[:port][/path/of/docker.sock] or tcp://host:port; change it',
    ],
    [
      { docker: { host: "unix://$HOME/.colima/docker.sock" } },
      '  apprun:docker.host: got "unix://$HOME/.colima/docker.sock"; allowed: unix:///path/of/docker.sock, ssh://[user@]host[:port][/path/of/docker.sock] or tcp://host:port; change it',
    ],
    [
      { docker: { host: "tcp://10.0.0.5:2375" } },
      "  apprun:docker.certPath: got nothing; allowed: the directory with ca.pem, cert.pem and key.pem, with tcp:// to another machine; set it, or use ssh:// in apprun:docker.host",
    ],
    [
      { docker: { host: "ssh://vps", certPath: "/etc/docker/tls" } },
      '  apprun:docker.certPath: got "/etc/docker/tls"; allowed: nothing with another address than tcp:// in apprun:docker.host; remove it, or set apprun:docker.host',
    ],
    [
      { docker: { host: "tcp://10.0.0.5:2376", certPath: "tls" } },
      '  apprun:docker.certPath: got "tls"; allowed: the absolute path of a directory; change it',
    ],
    [
      { policies: { accept: { "route-tls": "" } } },
      '  apprun:policies.accept.route-tls: got ""; allowed: a reason; change it',
    ],
    [
      { policies: { accept: { "route-tls": true } } },
      "  apprun:policies.accept.route-tls: got true; allowed: a reason; change it",
    ],
    [
      { policies: { accept: ["route-tls"] } },
      "  apprun:policies.accept: got a list; allowed: a map of policies and reasons; change it",
    ],
    [
      { host: { memory: "4GB" } },
      '  apprun:host.memory: got "4GB"; allowed: an amount such as "512Mi" or "2Gi"; change it',
    ],
    [{ host: { cpu: "two" } }, '  apprun:host.cpu: got "two"; allowed: CPU time such as "500m" or "1.5"; change it'],
    [
      { host: { memory: "1Gi" } },
      '  apprun:host.memory: got "1Gi"; allowed: at least 4.14Gi, the sum of the memory limits of all services; lower limits or name a larger host',
    ],
    [
      { cloudflare: { backups: { bucket: "sets", expireDays: 90 } } },
      "  apprun:cloudflare.backups.expireDays: got 90; allowed: nothing: backups and the engine's state write files once and need them for ever, so a bucket that deletes by age loses all of them; change it",
    ],
    [
      { host: { disk: "10Gi" } },
      '  apprun:host.disk: got "10Gi"; allowed: at least 19.91Gi, the sum of the planned sizes of all volumes; lower sizes or name a larger host',
    ],
    [
      { host: { cpu: "500m" } },
      '  apprun:host.cpu: got "500m"; allowed: at least 1000m, the largest CPU limit of one service; lower that limit or name a larger host',
    ],
    [
      { images: { registry: "https://mirror.example.com" } },
      '  apprun:images.registry: got "https://mirror.example.com"; allowed: a registry and path such as "mirror.example.com/hub", without scheme or trailing slash; change it',
    ],
    [
      { images: { pins: { mysql: { tag: "8" } } } },
      `  apprun:images.pins.mysql: got an unknown key; allowed: alloy, apprun, jaeger, kratos, loki, nats, rclone, redis, restic, valkey and ${IMAGE_NAMES.length - 10} more, which Pulumi.schema.json lists; remove it`,
    ],
    [
      { images: { pins: { postgres: { digest: "sha256:12" } } } },
      '  apprun:images.pins.postgres.digest: got "sha256:12"; allowed: sha256: and 64 hexadecimal digits; change it',
    ],
    [
      { images: { pins: { postgres: { tag: "12-alpine" } } } },
      '  apprun:images.pins.postgres.tag: got "12-alpine"; allowed: a tag of PostgreSQL 15, 16, 17 or 18; choose one, such as "17-alpine"',
    ],
    [
      { images: { pins: { apprun: { tag: "latest" } } } },
      '  apprun:images.pins.apprun.tag: got "latest"; allowed: a tag that names one version; choose one, such as "1.0.0"',
    ],
    [
      { proxy: { bind: "0.0.0.0" } },
      '  apprun:proxy.bind: got "0.0.0.0"; allowed: one of "loopback", "public"; change it',
    ],
    [{ proxy: { port: 70_000 } }, "  apprun:proxy.port: got 70000; allowed: a whole number from 1 to 65535; change it"],
    [{ proxy: { port: 80.5 } }, "  apprun:proxy.port: got 80.5; allowed: a whole number from 1 to 65535; change it"],
    [
      { proxy: { bind: "public", port: 8080, teamPort: 8080 } },
      "  apprun:proxy.teamPort: got 8080; allowed: another port than proxy.port when the proxy is public; change one of them",
    ],
    [
      { proxy: { teamPort: 9000 } },
      "  apprun:proxy.teamPort: got 9000; allowed: nothing with proxy.bind loopback: operators' pages are on proxy.port; remove it or set proxy.bind to public",
    ],
    [
      { proxy: { bind: "public" } },
      '  apprun:proxy.bind: got "public"; allowed: "loopback" in a PR stack; remove it and reach the stack through the host\'s own proxy or a tunnel',
      "pr-7",
    ],
    [
      { volumes: { protect: true } },
      "  apprun:volumes.protect: got true; allowed: false in a PR stack, which is made to be thrown away; remove it or set it to false",
      "pr-7",
    ],
    [
      { tls: { mode: "on" } },
      '  apprun:tls.mode: got "on"; allowed: one of "off", "local-ca", "own", "acme", "origin", "external"; change it',
    ],
    [
      { domain: "example.com", tls: { mode: "acme" } },
      "  apprun:tls.acme: got nothing; allowed: email and challenge with tls.mode acme; add it or choose another mode",
      "staging",
    ],
    [
      {
        domain: "example.com",
        proxy: { bind: "public", port: 80 },
        tls: { mode: "acme", acme: { email: "ops@example.com", ca: CA_CERTIFICATE } },
      },
      "  apprun:tls.acme.ca: got a certificate; allowed: nothing with Let's Encrypt, which a public authority signs; remove it, or set tls.acme.directory",
    ],
    [
      { tls: { acme: { email: "ops@example.com" } } },
      "  apprun:tls.acme: got a map; allowed: nothing but with tls.mode acme; remove it or set tls.mode to acme",
    ],
    [
      { domain: "example.com", tls: { mode: "acme", acme: { email: "ops@example.com" } } },
      '  apprun:tls.acme.challenge: got "http"; allowed: "http" where the proxy is public on port 80, which the authority asks; set it to "cloudflare-dns", or change proxy.bind and proxy.port',
    ],
    [
      { domain: "example.com", tls: { mode: "acme", acme: { email: "ops@example.com", challenge: "cloudflare-dns" } } },
      "  apprun:cloudflareDnsToken: got nothing; allowed: a secret with tls.acme.challenge cloudflare-dns; run: pulumi config set --secret apprun:cloudflareDnsToken",
    ],
    [
      { proxy: { tlsPort: 8000 }, tls: { mode: "local-ca" } },
      "  apprun:proxy.tlsPort: got 8000; allowed: another port than proxy.port and proxy.teamPort; change one of them",
    ],
    [
      { tls: { mode: "origin" } },
      '  apprun:tls.mode: got "origin"; allowed: another mode without cloudflare.enabled and cloudflare.origin proxy: only Cloudflare trusts such a certificate; change one of them',
    ],
    [
      { platform: "kubernetes", domain: "example.com", tls: { mode: "acme" } },
      "  apprun:kubernetes.ingress.clusterIssuer: got nothing; allowed: the name of cert-manager's issuer, with tls.mode acme; set it",
    ],
    [
      { limits: { maxBody: "10MB" } },
      '  apprun:limits.maxBody: got "10MB"; allowed: an amount such as "512Mi" or "2Gi"; change it',
    ],
    [
      { limits: { rates: { login: { average: 0 } } } },
      "  apprun:limits.rates.login.average: got 0; allowed: a whole number from 1 to 100000; change it",
    ],
    [
      { cloudflare: { accountId: "mine" } },
      '  apprun:cloudflare.accountId: got "mine"; allowed: 32 hexadecimal digits; change it',
    ],
    [
      { cloudflare: { address: "not an address" } },
      '  apprun:cloudflare.address: got "not an address"; allowed: an address or a host name; change it',
    ],
    [{ volumes: { protect: "yes" } }, '  apprun:volumes.protect: got "yes"; allowed: true or false; change it'],
  ])("%j", (values, message, stack) => {
    expect(messageOf(values, stack)).toEqual([message]);
  });

  it("suggests the nearest known key for a misspelt one and does not show its value", () => {
    expect(messageOf({ app: { replica: "hunter2" } })).toEqual([
      `  apprun:app.replica: got an unknown key; allowed: ${APP_KEYS}; did you mean "replicas"?`,
    ]);
    expect(messageOf({ grafanna: {} })[0]).toMatch(
      /^ {2}apprun:grafanna: got an unknown key; .*; did you mean "grafana"\?$/,
    );
  });

  it("names the setting that somebody meant, wherever it is, and how a path is written", () => {
    const fix = (values: Record<string, unknown>) => messageOf(values)[0]?.split("; ").at(-1);
    expect(fix({ "app.replicas": 2 })).toBe(
      "write it as a map, as this does: pulumi config set --path 'apprun:app.replicas'",
    );
    expect(fix({ app: { maxMemory: "1Gi" } })).toBe("did you mean apprun:cache.maxMemory?");
    expect(fix({ proxy: { hsts: "1d" } })).toBe("did you mean apprun:tls.hsts?");
    expect(fix({ qqqqqqqqq: 1 })).toBe("remove it");
  });

  it("lists the nearest ten of many keys", () => {
    const [, allowed] = /allowed: (.*); did you mean/.exec(messageOf({ grafanna: {} })[0] ?? "") ?? [];
    expect(allowed).toMatch(/^[^ ]+(, [^ ]+){9} and \d\d more, which Pulumi.schema.json lists$/);
    expect(allowed).toContain("grafana");
  });

  it("shows all problems at once, sorted by key", () => {
    expect(
      messageOf({ proxy: { port: 0 }, app: { replicas: "x" }, cash: {} }).map((line) => line.split(": got")[0]),
    ).toEqual(["  apprun:app.replicas", "  apprun:cash", "  apprun:proxy.port"]);
  });
});
