import { describe, expect, it } from "vitest";
import type { Recording } from "../../cli/kit/record.ts";
import { holdsSecret, secretMark } from "../../components/model/secret-mark.ts";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";
import type { Stack } from "../../components/stack/stack.ts";
import { wayInOf } from "../support/record/stacks.ts";

const CONTAINER = "docker:index/container:Container";

const container = ({ resources }: Recording<Stack>, name: string) =>
  resources.find((resource) => resource.type === CONTAINER && resource.name === name)?.inputs as RecordedContainer;
const uploads = (recording: Recording<Stack>, name: string) => container(recording, name).uploads ?? [];
const certificates = ({ resources }: Recording<Stack>) =>
  resources
    .filter(({ type }) => type.startsWith("tls:"))
    .map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name}`);

describe("a stack with TLS", () => {
  it("of its own authority has a certificate for exactly its hosts", async () => {
    const recording = await wayInOf({ tls: { mode: "local-ca" } });
    expect(certificates(recording).sort()).toEqual([
      "CertRequest local-ca-server",
      "LocallySignedCert local-ca-server",
      "PrivateKey local-ca-key",
      "PrivateKey local-ca-server-key",
      "SelfSignedCert local-ca",
    ]);
    expect(
      recording.resources.find(({ type }) => type === "tls:index/certRequest:CertRequest")?.inputs["dnsNames"],
    ).toEqual([
      "alertmanager.dev.localhost",
      "api.dev.localhost",
      "auth.dev.localhost",
      "dev.localhost",
      "grafana.dev.localhost",
      "jaeger.dev.localhost",
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
    const recording = await wayInOf({ tls: { mode: "local-ca" } });
    const holders = recording.resources
      .filter(({ type }) => type === CONTAINER)
      .flatMap(({ name }) =>
        uploads(recording, name).flatMap(({ file, content = "" }) =>
          content.includes(secretMark("local-ca-server-key")) ? [`${name} ${file}`] : [],
        ),
      );
    expect(holders).toEqual(["proxy-tls /run/secrets/tls-key.pem"]);
    expect(JSON.stringify(recording.resources.filter(({ type }) => type === CONTAINER))).not.toContain(
      secretMark("local-ca-key"),
    );
    expect(container(recording, "proxy").readOnly).toBe(true);
    for (const name of ["proxy", "proxy-routes", "proxy-tls"]) {
      const { uploads: _files, ...rest } = container(recording, name);
      expect(holdsSecret(JSON.stringify(rest)), name).toBe(false);
    }
  });

  it("has nothing of it by default", async () => {
    const recording = await wayInOf({});
    expect(certificates(recording)).toEqual([]);
    expect(recording.resources.filter(({ type }) => type.startsWith("cloudflare:"))).toEqual([]);
    expect(recording.resources.map(({ name }) => name)).not.toContain("proxy-tls");
  });
});

it("on Kubernetes has the certificate in a Secret, and routes for what is public only", async () => {
  const { resources, result } = await wayInOf({
    platform: "kubernetes",
    domain: "example.com",
    tls: { mode: "local-ca" },
  });
  const secret = resources.find(({ name, type }) => name === "ingress-tls" && type === "kubernetes:core/v1:Secret");
  expect(secret?.inputs).toMatchObject({
    type: "kubernetes.io/tls",
    stringData: { "tls.crt": "certificate of local-ca-server\n", "tls.key": secretMark("local-ca-server-key") },
  });
  const routes = resources
    .filter(({ type }) => type === "kubernetes:traefik.io/v1alpha1:IngressRoute")
    .map(({ name }) => name);
  expect(routes.sort()).toEqual(
    ["api", "app", "auth", "websocket"].flatMap((name) => [`ingressroute-${name}`, `ingressroute-${name}-redirect`]),
  );
  expect(
    resources
      .filter(
        ({ type, inputs }) =>
          type !== "kubernetes:core/v1:Secret" && !type.startsWith("tls:") && holdsSecret(JSON.stringify(inputs)),
      )
      .map(({ name }) => name),
  ).toEqual([]);
  expect(result.urls["app"]).toBe("https://example.com/");
});

it("a public preview stays with the operators' pages on the loopback", async () => {
  const recording = await wayInOf(
    { proxy: { bind: "public", audience: "preview" }, domain: "staging.example.com" },
    {},
    "staging",
  );
  expect(recording.result.urls["app"]).toBe("http://staging.example.com:18200/");
});
