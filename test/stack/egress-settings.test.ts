import { secret } from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { namedHosts } from "../../components/stack/outside-servers.ts";
import { everything } from "../everything.ts";
import { messageOf } from "../support/record/settings.ts";
import { settingsOf } from "../support/record/stacks.ts";

const CLUSTER = { platform: "kubernetes" };
const KEYS = { storageAccessKeyId: secret("id"), storageSecretAccessKey: secret("key") };
const files = (endpoint: string, kubernetes = {}) => ({
  ...CLUSTER,
  kubernetes,
  storage: { mode: "s3", s3: { endpoint, bucket: "files" } },
});

it("a server at a private address is refused with what opens it", () => {
  expect(messageOf(files("http://10.0.0.5:9000"), "dev", KEYS)).toEqual([
    '  apprun:storage.s3.endpoint: got 10.0.0.5, a private address; allowed: with platform kubernetes: a public address, or one within kubernetes.egressCidrs, because pods reach no other; add "10.0.0.5/32" or its network there',
  ]);
  expect(messageOf(files("http://10.0.0.5:9000", { egressCidrs: ["10.0.0.0/24"] }), "dev", KEYS)).toEqual([]);
});

it("so is a Service of another namespace", () => {
  expect(messageOf(files("http://minio.storage.svc.cluster.local:9000"), "dev", KEYS)).toEqual([
    '  apprun:storage.s3.endpoint: got minio.storage.svc.cluster.local, a Service of this cluster; allowed: with platform kubernetes: one in a namespace of kubernetes.egressNamespaces, because pods reach no other; add "storage" there',
  ]);
  const opened = files("http://minio.storage.svc.cluster.local:9000", { egressNamespaces: ["storage"] });
  expect(messageOf(opened, "dev", KEYS)).toEqual([]);
});

it("nobody asks on a Docker host, whose containers reach its networks", () => {
  const { storage } = files("http://10.0.0.5:9000");
  expect(messageOf({ storage }, "dev", KEYS)).toEqual([]);
});

it("every server of others that the settings name is looked at", () => {
  const named = namedHosts(everything("kubernetes"));
  expect(named).toMatchInlineSnapshot(`
    [
      {
        "host": "r2.example.com",
        "setting": "backup.remote.endpoint",
      },
      {
        "host": "r2.example.com",
        "setting": "postgres.operator.backup.endpoint",
      },
      {
        "host": "mail.example.com",
        "setting": "alerting.email.smarthost",
      },
    ]
  `);
});

it("so is the object storage of others", () => {
  const { storage } = files("https://s3.example.com");
  const settings = settingsOf({ storage }, "dev", KEYS);
  expect(namedHosts(settings)).toEqual([{ host: "s3.example.com", setting: "storage.s3.endpoint" }]);
});

it("of the login's, those of other sites and of calls to others", () => {
  const provider = {
    provider: "generic",
    clientId: "shop",
    clientSecret: { secret: "oidc" },
    issuerUrl: "https://10.0.0.9",
  };
  const webHooks = {
    inside: { flow: "registration", url: "/hooks/registered" },
    outside: { flow: "login", url: "https://crm.sales.svc/hooks" },
  };
  const refused = messageOf({ ...CLUSTER, kratos: { providers: { company: provider }, webHooks } });
  expect(refused.filter((line) => line.includes("kubernetes.egress")).map((line) => line.split(";")[0])).toEqual([
    "  apprun:kratos.providers.company.issuerUrl: got 10.0.0.9, a private address",
    "  apprun:kratos.webHooks.outside.url: got crm.sales.svc, a Service of this cluster",
  ]);
});

it("ranges are of both families, with a prefix, and not everybody", () => {
  const RANGES = 'a list of address ranges such as ["10.42.0.0/16", "fd00:42::/56"], none of them everybody';
  expect(messageOf({ ...CLUSTER, kubernetes: { clusterCidrs: ["10.42.0.0/16", "2001:db8:42::/56"] } })).toEqual([]);
  for (const range of ["10.42.0.0", "0.0.0.0/0", "fd00::/129"])
    expect(messageOf({ ...CLUSTER, kubernetes: { egressCidrs: [range] } })).toEqual([
      `  apprun:kubernetes.egressCidrs.0: got "${range}"; allowed: ${RANGES}; change it`,
    ]);
  expect(messageOf({ ...CLUSTER, kubernetes: { dnsAddresses: ["dns.example.com"] } })).toEqual([
    '  apprun:kubernetes.dnsAddresses.0: got "dns.example.com"; allowed: a list of addresses such as ["169.254.20.10"]; change it',
  ]);
});
