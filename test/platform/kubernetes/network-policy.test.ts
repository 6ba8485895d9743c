import type { types } from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../../cli/kit/record.ts";
import type { Stack } from "../../../components/stack/stack.ts";
import { recordEverything } from "../../everything.ts";
import { ARROWS, BACKUP_ARROWS, OPERATED_ARROWS, OPTIONAL_ARROWS, OWN_ARROWS } from "../../support/record/arrows.ts";
import { allowed, type PolicyPod } from "../../support/record/network-policies.ts";
import { stackOf } from "../../support/record/stacks.ts";

type NetworkPolicy = Unwrap<types.input.networking.v1.NetworkPolicy>;

const CONTROLLER =
  /^kubernetes:(apps\/v1:(Deployment|StatefulSet)|batch\/v1:(Job|CronJob)|postgresql\.cnpg\.io\/v1:Cluster)$/;

interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
}
/** What runs pods says their labels in one of three places. */
interface Controller {
  readonly spec: {
    readonly template?: PodTemplate;
    readonly jobTemplate?: { readonly spec: { readonly template: PodTemplate } };
    readonly inheritedMetadata?: PodTemplate["metadata"];
  };
}

function podLabels(inputs: object): Readonly<Record<string, string>> {
  const { template, jobTemplate, inheritedMetadata } = (inputs as Controller).spec;
  return (template ?? jobTemplate?.spec.template)?.metadata.labels ?? inheritedMetadata?.labels ?? {};
}

const TRAEFIK: PolicyPod = { namespace: "kube-system", labels: { "app.kubernetes.io/name": "traefik" } };
const STRANGER: PolicyPod = {
  namespace: "default",
  labels: { "app.kubernetes.io/name": "apprun", "client.apprun.io/postgres-postgres": "true" },
};

/** A stack, what may connect to what in it, and what is reached from outside or reaches out. */
interface Case {
  readonly record: () => Promise<Recording<Stack>>;
  readonly namespace: string;
  readonly arrows: readonly string[];
  /** What the ingress controller may reach. */
  readonly pages: readonly string[];
  /** Who may reach the outside on any port. */
  readonly outside: readonly string[];
}

const CASES: Readonly<Record<string, Case>> = {
  "a small stack": {
    record: () => stackOf({ platform: "kubernetes", app: { replicas: 2 } }),
    namespace: "apprun-dev",
    arrows: [...ARROWS, ...BACKUP_ARROWS],
    pages: ["kratos:4433", "apprun:8080"],
    outside: ["kratos", "apprun"],
  },
  "the stack with everything on": {
    record: () => recordEverything("kubernetes"),
    namespace: "apprun-prod",
    arrows: [...ARROWS, ...BACKUP_ARROWS, ...OPTIONAL_ARROWS, ...OPERATED_ARROWS, ...OWN_ARROWS],
    pages: ["kratos:4433", "centrifugo:8000", "apprun:8080", "postgrest:3000", "web:3000"],
    outside: ["backup", "alertmanager", "web", "kratos", "apprun"],
  },
};

describe.each(Object.entries(CASES))(
  "the network policies of %s",
  (_, { record, namespace, arrows, pages, outside }) => {
    let recording: Recording<Stack>;
    let policies: NetworkPolicy[];
    let pods: Map<string, PolicyPod>;
    let ports: { workload: string; port: number }[];

    beforeAll(async () => {
      recording = await record();
      policies = recording.resources
        .filter(({ type }) => type.endsWith(":NetworkPolicy"))
        .map(({ inputs }) => inputs as NetworkPolicy);
      const controllers = recording.resources.filter(({ type }) => CONTROLLER.test(type));
      pods = new Map(
        controllers
          .map(({ inputs }) => podLabels(inputs))
          .map((labels) => [labels["app.kubernetes.io/name"]!, { namespace, labels }]),
      );
      ports = recording.result.inventory.workloads.flatMap(({ name, ports: own }) =>
        own.map(({ port }) => ({ workload: name, port })),
      );
    });

    it("allow for every pair of containers exactly the arrows of the model", () => {
      const open = [...pods].flatMap(([client, from]) =>
        ports.flatMap(({ workload, port }) =>
          allowed(policies, from, pods.get(workload)!, port) ? [`${client} -> ${workload}:${port}`] : [],
        ),
      );
      expect([...pods.keys()].sort()).toEqual(recording.result.inventory.workloads.map(({ name }) => name).sort());
      expect(open.sort()).toEqual([...arrows].sort());
    });

    it("let the ingress controller reach the public pages and nothing else", () => {
      const open = ports.filter(({ workload, port }) => allowed(policies, TRAEFIK, pods.get(workload)!, port));
      expect(open.map(({ workload, port }) => `${workload}:${port}`)).toEqual(pages);
    });

    it("let nobody in from another namespace, whatever its labels", () => {
      expect(ports.filter(({ workload, port }) => allowed(policies, STRANGER, pods.get(workload)!, port))).toEqual([]);
    });

    it("keep what may reach the outside, on any port, from pods, services, nodes, neighbours and a cloud's credentials", () => {
      const blocks = policies.flatMap(({ metadata, spec }) =>
        (spec?.egress ?? [])
          .filter(({ ports: some }) => some === undefined)
          .flatMap(({ to = [] }) =>
            to.flatMap(({ ipBlock }) => (ipBlock ? [{ name: metadata?.name, ...ipBlock }] : [])),
          ),
      );
      expect(blocks).toEqual(
        outside.map((name) => ({
          name,
          cidr: "0.0.0.0/0",
          except: [
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",
            "169.254.0.0/16",
            "168.63.129.16/32",
            "192.0.0.192/32",
          ],
        })),
      );
    });
  },
);
