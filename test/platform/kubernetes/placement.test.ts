import { describe, expect, it } from "vitest";
import { placement } from "../../../components/platform/kubernetes/placement.ts";
import { messageOf } from "../../support/record/settings.ts";
import { stackOf } from "../../support/record/stacks.ts";

const SSD = { disk: "ssd" };
const ARM = { "kubernetes.io/arch": "arm64" };
const DEDICATED = { key: "dedicated", operator: "Equal", value: "apprun", effect: "NoSchedule" } as const;

it.each([
  ["nothing", {}, true, {}],
  ["a selector for all", { nodeSelector: ARM }, false, { nodeSelector: ARM }],
  ["a selector for data alone, without volumes", { dataNodeSelector: SSD }, false, {}],
  ["both, with volumes", { nodeSelector: ARM, dataNodeSelector: SSD }, true, { nodeSelector: { ...ARM, ...SSD } }],
  ["tolerations", { tolerations: [DEDICATED] }, false, { tolerations: [DEDICATED] }],
])("placement by %s", (_name, settings, hasVolumes, expected) => {
  expect(placement(settings, hasVolumes)).toEqual(expected);
});

interface Pod {
  readonly nodeSelector?: Record<string, string>;
  readonly tolerations?: readonly object[];
  readonly volumes?: readonly { readonly persistentVolumeClaim?: object }[];
}

interface Controlled {
  readonly spec: {
    readonly template?: { readonly spec: Pod };
    readonly jobTemplate?: { readonly spec: { readonly template: { readonly spec: Pod } } };
  };
}

describe("the pods of a whole stack", () => {
  const settings = { platform: "kubernetes", domain: "example.com" };

  it("run on the chosen nodes, those with volumes on the nodes for data, and bear the taints", async () => {
    const kubernetes = { nodeSelector: ARM, dataNodeSelector: SSD, tolerations: [DEDICATED] };
    const { resources } = await stackOf({ ...settings, kubernetes });
    const pods = resources.flatMap(({ inputs }) => {
      const { spec } = inputs as Partial<Controlled>;
      const pod = spec?.template?.spec ?? spec?.jobTemplate?.spec.template.spec;
      return pod === undefined ? [] : [pod];
    });
    const isData = ({ volumes = [] }: Pod) => volumes.some(({ persistentVolumeClaim }) => persistentVolumeClaim);
    expect(pods.length).toBeGreaterThan(15);
    expect(new Set(pods.map(isData))).toEqual(new Set([true, false]));
    for (const pod of pods) {
      expect(pod.nodeSelector).toEqual(isData(pod) ? { ...ARM, ...SSD } : ARM);
      expect(pod.tolerations).toEqual([DEDICATED]);
    }
  });

  it("of CloudNativePG too", async () => {
    const postgres = { mode: "operator", operator: { instances: 3 } };
    const { resources } = await stackOf({
      ...settings,
      postgres,
      kubernetes: { dataNodeSelector: SSD, tolerations: [DEDICATED] },
    });
    const cluster = resources.find(({ type }) => type === "kubernetes:postgresql.cnpg.io/v1:Cluster")?.inputs;
    expect(cluster).toMatchObject({ spec: { affinity: { nodeSelector: SSD, tolerations: [DEDICATED] } } });
  });
});

const LABELS = 'a map of labels such as {"kubernetes.io/arch": "amd64"}';

it.each<[object, string]>([
  [{ nodeSelector: { disk: true } }, `  apprun:kubernetes.nodeSelector.disk: got true; allowed: ${LABELS}; change it`],
  [{ nodeSelector: { "a b": "c" } }, `  apprun:kubernetes.nodeSelector.a b: got "c"; allowed: ${LABELS}; change it`],
  [
    { dataNodeSelector: { "a/b/c": "d" } },
    `  apprun:kubernetes.dataNodeSelector.a/b/c: got "d"; allowed: ${LABELS}; change it`,
  ],
  [
    { tolerations: [{ operator: "Equal", value: "x" }] },
    "  apprun:kubernetes.tolerations.0: got a map; allowed: a taint with a key, or with operator Exists and no value; change it",
  ],
  [
    { tolerations: [{ key: "a", effect: "Never" }] },
    '  apprun:kubernetes.tolerations.0.effect: got "Never"; allowed: one of "NoSchedule", "PreferNoSchedule", "NoExecute"; change it',
  ],
])("%j is refused before a cluster refuses it", (kubernetes, message) => {
  expect(messageOf({ platform: "kubernetes", kubernetes })).toEqual([message]);
});
