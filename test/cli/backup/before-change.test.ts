import { describe, expect, it } from "vitest";
import { dataImagesThatChange } from "../../../cli/backup/before-change.ts";
import type { Project } from "../../../cli/kit/project.ts";

const TYPE = "docker:index/remoteImage:RemoteImage";
const settings = { images: { own: { web: { touchesData: "it has a database" }, page: {} } } };
const recordingOf = (images: Record<string, string>) =>
  ({
    settings,
    recording: {
      resources: Object.entries(images).map(([name, reference]) => ({
        type: TYPE,
        name: `image-${name}`,
        inputs: { name: reference },
        provider: "",
      })),
      result: { inventory: { workloads: [] } },
    },
  }) as unknown as Project;
const stateOf = (images: Record<string, string>) => ({
  resources: Object.entries(images).map(([name, reference]) => ({
    type: TYPE,
    urn: `urn:pulumi:dev::apprun::x$${TYPE}::image-${name}`,
    inputs: { name: reference },
  })),
});

it.each<[string, Record<string, string>, Record<string, string>, string[]]>([
  ["nothing changes", { kratos: "kratos:1" }, { kratos: "kratos:1" }, []],
  [
    "a migrating service changes",
    { kratos: "kratos:2", apprun: "app:1" },
    { kratos: "kratos:1", apprun: "app:1" },
    ["kratos"],
  ],
  ["an own service with data changes", { web: "web:2" }, { web: "web:1" }, ["web"]],
  ["an own service without data changes", { page: "page:2" }, { page: "page:1" }, []],
  ["the proxy changes, which holds no data", { traefik: "traefik:2" }, { traefik: "traefik:1" }, []],
  ["a service is new", { kratos: "kratos:1" }, {}, []],
])("when %s", (_what, wanted, there, expected) => {
  expect(dataImagesThatChange(recordingOf(wanted), stateOf(there))).toEqual(expected);
});

describe("on a cluster, where images are named by what runs them", () => {
  const pod = (type: string, name: string, image: string) => ({
    type: `kubernetes:${type}`,
    name,
    inputs: { spec: { template: { spec: { containers: [{ image }] } } } },
  });
  const cluster = (imageName: string) => ({
    type: "kubernetes:postgresql.cnpg.io/v1:Cluster",
    name: "postgres",
    inputs: { spec: { imageName } },
  });
  const WORKLOADS = [
    { name: "kratos", image: "kratos" },
    { name: "kratos-migrate", image: "kratos" },
    { name: "grafana", image: "grafana" },
    { name: "cache", image: "valkey" },
    { name: "postgres", image: "postgresCluster" },
  ];
  type Objects = readonly { type: string; name: string; inputs: object }[];
  const changes = (wanted: Objects, there: Objects) =>
    dataImagesThatChange(
      {
        settings,
        recording: { resources: wanted, result: { inventory: { workloads: WORKLOADS } } },
      } as unknown as Project,
      {
        resources: there.map(({ name, ...rest }) => ({ ...rest, urn: `urn:pulumi:dev::apprun::x::${name}` })),
      },
    );
  const kratos = (version: number) => [
    pod("apps/v1:Deployment", "kratos", `kratos:${version}`),
    pod("batch/v1:Job", "kratos-migrate", `kratos:${version}`),
  ];

  it.each<[string, Objects, Objects, string[]]>([
    ["nothing changes", kratos(1), kratos(1), []],
    ["a migrating service changes, which is named once", kratos(2), kratos(1), ["kratos"]],
    [
      "a service with a volume changes",
      [pod("apps/v1:StatefulSet", "grafana", "grafana:2")],
      [pod("apps/v1:StatefulSet", "grafana", "grafana:1")],
      ["grafana"],
    ],
    [
      "the cache changes, which holds no data",
      [pod("apps/v1:StatefulSet", "cache", "valkey:2")],
      [pod("apps/v1:StatefulSet", "cache", "valkey:1")],
      [],
    ],
    ["an operator's database changes", [cluster("postgresql:17.7")], [cluster("postgresql:17.6")], ["postgresCluster"]],
    ["a service is new", kratos(1), [], []],
  ])("when %s", (_what, wanted, there, expected) => {
    expect(changes(wanted, there)).toEqual(expected);
  });
});
