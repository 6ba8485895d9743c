import { describe, expect, it } from "vitest";
import { differences } from "../../../cli/doctor/differences.ts";
import { clockFindings, conditionFindings } from "../../../cli/doctor/nodes.ts";
import {
  isCandidate,
  objectFindings,
  strayFinding,
  wantedObjects,
  type ClusterObject,
} from "../../../cli/doctor/objects.ts";

const lines = (wanted: unknown, actual: unknown) =>
  differences(wanted, actual, "spec").map(({ path, got, wanted: other }) => `${path}: ${got}, not ${other}`);

describe("the differences of an object", () => {
  it.each<[string, unknown, unknown]>([
    ["what the cluster adds", { replicas: 2 }, { replicas: 2, paused: false }],
    ["what is empty or false and left out", { ingress: [], podSelector: {}, readOnly: false }, {}],
    ["a field that the client renames", { from: [{ a: 1 }] }, { _from: [{ a: 1 }] }],
    [
      "the same amount in other words",
      { resources: { limits: { cpu: "0.5", memory: "1024Mi" }, requests: { storage: "1.5Gi" } } },
      { resources: { limits: { cpu: "500m", memory: "1Gi" }, requests: { storage: "1536Mi" } } },
    ],
    ["a port as a number and as text", { port: 8080 }, { port: "8080" }],
    [
      "another generated name",
      { configMap: { name: "app-files-0a1b2c3d" } },
      { configMap: { name: "app-files-99999999" } },
    ],
    ["entries in another order", [{ name: "a", x: 1 }, { name: "b" }], [{ name: "b" }, { name: "a", x: 1 }]],
  ])("are none for %s", (_, wanted, actual) => {
    expect(lines(wanted, actual)).toEqual([]);
  });

  it.each<[string, unknown, unknown, string]>([
    ["another value", { image: "a:1" }, { image: "a:2" }, 'spec.image: "a:2", not "a:1"'],
    ["an absent value", { replicas: 2 }, {}, "spec.replicas: absent, not 2"],
    ["what is false and should be true", { readOnly: true }, {}, "spec.readOnly: absent, not true"],
    [
      "what is true and should be false",
      { privileged: false },
      { privileged: true },
      "spec.privileged: true, not false",
    ],
    ["an absent part", { strategy: { type: "Recreate" } }, {}, "spec.strategy: absent, not there"],
    [
      "another amount",
      { limits: { memory: "1Gi" } },
      { limits: { memory: "1G" } },
      'spec.limits.memory: "1G", not "1Gi"',
    ],
    ["an amount that is not one of resources", { size: "1024Mi" }, { size: "1Gi" }, 'spec.size: "1Gi", not "1024Mi"'],
    [
      "another name",
      { secretName: "a-secrets-0a1b2c3d" },
      { secretName: "b-secrets-0a1b2c3d" },
      'spec.secretName: "b-secrets-0a1b2c3d", not "a-secrets-0a1b2c3d"',
    ],
    [
      "an entry more",
      { env: [{ name: "A" }] },
      { env: [{ name: "A" }, { name: "B" }] },
      "spec.env[B]: there, not absent",
    ],
    [
      "a variable where there is none",
      { name: "a" },
      { name: "a", env: [{ name: "B" }] },
      "spec.env: there, not absent",
    ],
    ["an entry less", { env: [{ name: "A" }] }, { env: [] }, "spec.env[A]: absent, not there"],
    [
      "an entry more without a name",
      { egress: [{ to: 1 }] },
      { egress: [{ to: 1 }, { to: 2 }] },
      "spec.egress: a list of 2, not a list of 1",
    ],
    ["an entry that is another", { drop: ["ALL"] }, { drop: ["NET_RAW"] }, 'spec.drop[0]: "NET_RAW", not "ALL"'],
    [
      "one of two mounts of a volume",
      [
        { name: "f", p: 1 },
        { name: "f", p: 2 },
      ],
      [
        { name: "f", p: 1 },
        { name: "f", p: 3 },
      ],
      "spec[1].p: 3, not 2",
    ],
  ])("are told for %s", (_, wanted, actual, line) => {
    expect(lines(wanted, actual)).toEqual([line]);
  });
});

const object = (kind: string, name: string | undefined, rest: object = {}): ClusterObject => ({
  apiVersion: "v1",
  kind,
  metadata: { ...(name !== undefined && { name }), namespace: "apprun-dev" },
  ...rest,
});
const found = (wanted: ClusterObject, ...there: readonly ClusterObject[]) =>
  objectFindings(wanted, there).map(({ severity, check, message }) => `${severity} ${check}: ${message}`);
const [FILES = object("", "")] = wantedObjects([
  {
    type: "kubernetes:core/v1:ConfigMap",
    name: "app-files",
    inputs: { ...object("ConfigMap", undefined, { data: { a: "1" } }) },
    provider: "",
    protect: false,
  },
]);

describe("an object of the model", () => {
  it("is told where it is missing or going", () => {
    const claim = object("PersistentVolumeClaim", "data");
    expect(found(claim)).toEqual(["error objects: persistentvolumeclaim/data is missing"]);
    expect(found(claim, { ...claim, metadata: { name: "data", deletionTimestamp: new Date() } })).toEqual([
      "error objects: persistentvolumeclaim/data is being deleted",
    ]);
  });

  it("never shows the value of a variable or a file", () => {
    const env = (value: string) =>
      object("Deployment", "app", {
        spec: { template: { spec: { containers: [{ name: "app", env: [{ name: "A", value }] }] } } },
      });
    expect(found(env("right"), env("wrong"))).toEqual([
      "error objects: deployment/app: spec.template.spec.containers[app].env[A].value is another than the model says",
    ]);
    expect(found(FILES, object("ConfigMap", "app-files-12345678", { data: { a: "2" } }))).toEqual([
      "error objects: configmap/app-files: data.a is another than the model says",
    ]);
  });

  it("may have older contents beside it", () => {
    const contents = (a: string) => object("ConfigMap", "app-files-12345678", { data: { a } });
    expect(found(FILES, contents("0"), contents("1"))).toEqual([]);
  });

  it("is compared by its labels, and by its annotations except for the engine's own", () => {
    const wanted = {
      ...object("Service", "app"),
      metadata: { name: "app", labels: { a: "1" }, annotations: { "pulumi.com/skipAwait": "true", b: "2" } },
    };
    expect(found(wanted, object("Service", "app"))).toEqual([
      "error objects: service/app: metadata.labels is absent; the model says there",
      "error objects: service/app: metadata.annotations is absent; the model says there",
    ]);
    expect(
      found(wanted, {
        ...object("Service", "app"),
        metadata: { name: "app", labels: { a: "1" }, annotations: { b: "2" } },
      }),
    ).toEqual([]);
  });

  it("is found by its name, or by the one that the provider made of it", () => {
    const named = (name: string) => object("ConfigMap", name);
    expect(
      ["app-files-12345678", "app-files", "other-files-12345678"].map((name) => isCandidate(FILES, named(name))),
    ).toEqual([true, false, false]);
    expect(isCandidate(named("app"), named("app-12345678"))).toBe(false);
  });

  it("says nothing of a secret's content", () => {
    expect(
      found(object("Secret", "x", { stringData: { a: "1" } }), object("Secret", "x", { data: { a: "Mg==" } })),
    ).toEqual([]);
  });
});

describe("an object of nobody", () => {
  it("is a warning, and an error where it opens a port", () => {
    const told = (stray: ClusterObject) => {
      const { severity, check, message, remedy } = strayFinding(stray);
      return [`${severity} ${check}: ${message}`, remedy];
    };
    expect(told(object("Pod", "x"))).toEqual([
      "warning objects: pod/x is not in the model",
      "kubectl --namespace apprun-dev delete pod/x, unless somebody needs it",
    ]);
    expect(told(object("Service", "x", { spec: { type: "ClusterIP" } }))[0]).toBe(
      "warning objects: service/x is not in the model",
    );
    expect(
      told(object("Service", "x", { spec: { type: "NodePort", ports: [{ port: 80, nodePort: 30080 }] } }))[0],
    ).toBe("error ports: service/x opens port 30080 on every node and is not in the model");
  });
});

describe("a node", () => {
  const told = (type: string, status: string) =>
    conditionFindings({ metadata: { name: "n" }, status: { conditions: [{ type, status, message: "why" }] } }).map(
      ({ message }) => message,
    );

  it("is told where it is not ready or short of something", () => {
    expect([...told("Ready", "True"), ...told("DiskPressure", "False"), ...told("Other", "True")]).toEqual([]);
    expect(told("Ready", "Unknown")).toEqual(["node n is not ready: why"]);
    expect(told("DiskPressure", "True")).toEqual(["node n has DiskPressure: why"]);
  });

  it("has the right time, and gives signs of life", () => {
    expect([-9.9, 0, 59].flatMap((age) => clockFindings("n", age))).toEqual([]);
    expect([-10, 60].flatMap((age) => clockFindings("n", age)).map(({ message }) => message)).toEqual([
      "node n: its last sign of life is 10 s ahead of this machine's clock",
      "node n: its last sign of life is 60 s behind this machine's clock",
    ]);
  });
});
