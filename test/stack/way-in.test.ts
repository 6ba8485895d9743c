import { secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { record, type Recording } from "../../cli/record.js";
import { parseSettings } from "../../components/config/parse.js";
import type { Settings } from "../../components/config/settings.js";
import { holdsSecret, secretMark } from "../../components/model/secret-mark.js";
import type { RecordedContainer } from "../../components/platform/docker/container-args.js";
import { Stack } from "../../components/stack.js";

const CONTAINER = "docker:index/container:Container";

/** A recorded stack with only what the way in leads to. */
export async function stackOf(values: Record<string, unknown>, secrets: Settings["secrets"] = {}, stack = "dev"): Promise<Recording<Stack>> {
  const small = { temporal: { enabled: false }, prometheus: { enabled: false } };
  const settings = parseSettings({ project: "apprun", stack }, { values: { ...small, ...values }, secrets, plainSecrets: [] });
  return record(settings.identity, () => new Stack(settings));
}

const container = ({ resources }: Recording<Stack>, name: string) =>
  resources.find((resource) => resource.type === CONTAINER && resource.name === name)?.inputs as RecordedContainer;
const uploads = (recording: Recording<Stack>, name: string) => container(recording, name).uploads ?? [];
const certificates = ({ resources }: Recording<Stack>) =>
  resources.filter(({ type }) => type.startsWith("tls:")).map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name}`);

describe("a stack with TLS", () => {
  it("of its own authority has a certificate for exactly its hosts", async () => {
    const recording = await stackOf({ tls: { mode: "local-ca" } });
    expect(certificates(recording)).toEqual([
      "PrivateKey local-ca-key",
      "PrivateKey local-ca-server-key",
      "SelfSignedCert local-ca",
      "CertRequest local-ca-server",
      "LocallySignedCert local-ca-server",
    ]);
    expect(recording.resources.find(({ type }) => type === "tls:index/certRequest:CertRequest")?.inputs["dnsNames"]).toEqual([
      "api.dev.localhost",
      "auth.dev.localhost",
      "dev.localhost",
      "grafana.dev.localhost",
      "prometheus.dev.localhost",
      "temporal.dev.localhost",
    ]);
    expect(recording.result.urls).toEqual({
      app: "https://dev.localhost:8443/",
      api: "https://api.dev.localhost:8443/",
      websocket: "https://dev.localhost:8443/ws",
      auth: "https://auth.dev.localhost:8443/",
      grafana: "https://grafana.dev.localhost:8443/",
    });
  });

  it("keeps private keys in a secret file of one job, and its proxy's root read-only", async () => {
    const recording = await stackOf({ tls: { mode: "local-ca" } });
    const holders = recording.resources
      .filter(({ type }) => type === CONTAINER)
      .flatMap(({ name }) =>
        uploads(recording, name).flatMap(({ file, content = "" }) => (content.includes(secretMark("local-ca-server-key")) ? [`${name} ${file}`] : [])),
      );
    expect(holders).toEqual(["proxy-tls /run/secrets/tls-key.pem"]);
    expect(JSON.stringify(recording.resources.filter(({ type }) => type === CONTAINER))).not.toContain(secretMark("local-ca-key"));
    expect(container(recording, "proxy").readOnly).toBe(true);
    for (const name of ["proxy", "proxy-routes", "proxy-tls"]) {
      const { uploads: _files, ...rest } = container(recording, name);
      expect(holdsSecret(JSON.stringify(rest)), name).toBe(false);
    }
  });

  it("gives its routes another text when the certificate changes, so that the proxy reads it", async () => {
    const routes = async (chain: string) => {
      const secrets = { tlsCertificate: secret(chain), tlsPrivateKey: secret("key") };
      return uploads(await stackOf({ tls: { mode: "own" } }, secrets), "proxy-routes")[0]?.content ?? "";
    };
    const [one, same, other] = [await routes("one"), await routes("one"), await routes("other")];
    expect(one).toBe(same);
    expect(one.split("\n").slice(1)).toEqual(other.split("\n").slice(1));
    expect(one.split("\n")[0]).not.toBe(other.split("\n")[0]);
  });

  it("has nothing of it by default", async () => {
    const recording = await stackOf({});
    expect(certificates(recording)).toEqual([]);
    expect(recording.resources.filter(({ type }) => type.startsWith("cloudflare:"))).toEqual([]);
    expect(recording.resources.map(({ name }) => name)).not.toContain("proxy-tls");
  });
});

it("a preview in the open stays with the operators' pages on the loopback", async () => {
  const recording = await stackOf({ proxy: { bind: "public", audience: "preview" }, domain: "staging.example.com" }, {}, "staging");
  expect(recording.result.urls["app"]).toBe("http://staging.example.com:18200/");
});
