import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../cli/kit/record.ts";
import type { Stack } from "../../components/stack/stack.ts";
import { cloudflare, inputs, SECRETS } from "../support/fakes/cloudflare.ts";
import { messageOf } from "../support/record/settings.ts";
import { inputsOf, wayInOf } from "../support/record/stacks.ts";

const CLUSTER = { platform: "kubernetes", domain: "example.com", cloudflare: cloudflare({ access: {} }) };

describe("a tunnel in front of a cluster", () => {
  let recorded: Recording<Stack>;
  beforeAll(async () => {
    recorded = await wayInOf(CLUSTER, SECRETS, "prod");
  });

  it("delivers what is public to the ingress controller, and nothing else has a name", () => {
    const service = "http://traefik.kube-system.svc:80";
    const rules = inputs(recorded, "zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig");
    expect(rules).toMatchObject([
      {
        config: {
          ingresses: [
            { hostname: "api.example.com", service },
            { hostname: "auth.example.com", service },
            { hostname: "example.com", path: "^/ws", service },
            { hostname: "example.com", service },
            { service: "http_status:404" },
          ],
        },
      },
    ]);
    const names = inputs(recorded, "dnsRecord:DnsRecord").map(({ name }) => name as string);
    expect(names).toEqual(["api.example.com", "auth.example.com", "example.com"]);
    expect(inputs(recorded, "zeroTrustAccessApplication:ZeroTrustAccessApplication")).toEqual([]);
  });

  it("has two clients on different nodes, of which a drain takes one at a time", () => {
    const { spec } = inputsOf<{ spec: { replicas: number; template: { spec: object } } }>(
      recorded,
      "kubernetes:apps/v1:Deployment",
      "tunnel",
    );
    expect(spec.replicas).toBe(2);
    expect(spec.template.spec).toMatchObject({
      topologySpreadConstraints: [
        { topologyKey: "topology.kubernetes.io/zone" },
        { topologyKey: "kubernetes.io/hostname" },
      ],
    });
    expect(inputsOf(recorded, "kubernetes:policy/v1:PodDisruptionBudget", "tunnel")).toMatchObject({
      spec: { maxUnavailable: 1 },
    });
  });

  it("has its token in a Secret alone", () => {
    const withToken = recorded.resources.filter(({ inputs }) =>
      JSON.stringify(inputs).includes(Buffer.from("__secret_tunnel-secret__").toString("base64")),
    );
    expect(withToken.map(({ type }) => type)).not.toContain("kubernetes:core/v1:ConfigMap");
    expect(withToken.map(({ type }) => type)).not.toContain("kubernetes:apps/v1:Deployment");
  });

  it("may reach the controller's pods and the outside, and no other pod", () => {
    const policy = (name: string) =>
      inputsOf<{ spec: object }>(recorded, "kubernetes:networking.k8s.io/v1:NetworkPolicy", name).spec;
    expect(policy("tunnel-entry")).toEqual({
      podSelector: {
        matchLabels: { "app.kubernetes.io/instance": "apprun-prod", "app.kubernetes.io/name": "tunnel" },
      },
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
              podSelector: { matchLabels: { "app.kubernetes.io/name": "traefik" } },
            },
          ],
        },
      ],
    });
    const { egress } = policy("tunnel") as { egress: readonly { to: readonly object[] }[] };
    expect(egress.flatMap(({ to }) => to).filter((peer) => !("ipBlock" in peer))).toEqual([]);
  });

  it("tells services that browsers see HTTPS, and counts rates by the address that Cloudflare names", () => {
    const all = recorded.resources.filter(({ type }) => type === "kubernetes:traefik.io/v1alpha1:Middleware");
    const headers = all
      .map(({ inputs }) => JSON.stringify(inputs))
      .filter((text) => text.includes("X-Forwarded-Proto"));
    expect(headers.length).toBeGreaterThan(0);
    for (const text of headers) expect(text).toContain('"X-Forwarded-Proto":"https"');
    const rates = all.map(({ inputs }) => JSON.stringify(inputs)).filter((text) => text.includes("rateLimit"));
    expect(rates.length).toBeGreaterThan(0);
    for (const text of rates) expect(text).toContain('"sourceCriterion":{"requestHeaderName":"Cf-Connecting-Ip"}');
    expect(recorded.result.urls["app"]).toBe("https://example.com/");
  });
});

it("a controller on the nodes' own network is reached there at its plain port alone", async () => {
  const kubernetes = { ingress: { addresses: ["192.168.1.0/24"], service: "edge", namespace: "ingress" } };
  const recorded = await wayInOf({ ...CLUSTER, kubernetes }, SECRETS, "prod");
  const { spec } = inputsOf<{ spec: { egress: object[] } }>(
    recorded,
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    "tunnel-entry",
  );
  expect(spec.egress[1]).toEqual({
    to: [{ ipBlock: { cidr: "192.168.1.0/24" } }],
    ports: [{ protocol: "TCP", port: 80 }],
  });
  const [{ config }] = inputs(recorded, "zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig") as [
    { config: { ingresses: { service: string }[] } },
  ];
  expect(config.ingresses[0]!.service).toBe("http://edge.ingress.svc:80");
});

it.each<[object, string]>([
  [
    { cloudflare: cloudflare({ origin: "proxy", address: "203.0.113.7" }) },
    '  apprun:cloudflare.origin: got "proxy"; allowed: "tunnel" with platform kubernetes, whose ingress controller does not ask for Cloudflare\'s certificate; set it to tunnel',
  ],
  [
    { cloudflare: cloudflare(), proxy: { audience: "preview" } },
    '  apprun:proxy.audience: got "preview"; allowed: "public" with platform kubernetes and cloudflare.enabled: a cluster serves no other routes; remove it, or deploy previews on a Docker host',
  ],
])("%j is refused on a cluster", (values, message) => {
  expect(messageOf({ platform: "kubernetes", domain: "example.com", ...values })).toContain(message);
});
