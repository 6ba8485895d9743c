import type { types } from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../../cli/kit/record.ts";
import type { Stack } from "../../../components/stack/stack.ts";
import { ARROWS, BACKUP_ARROWS } from "../../support/record/arrows.ts";
import { allowed, type PolicyPod } from "../../support/record/network-policies.ts";
import { stackOf } from "../../support/record/stacks.ts";

type NetworkPolicy = Unwrap<types.input.networking.v1.NetworkPolicy>;

const CONTROLLER = /^kubernetes:(apps\/v1:(Deployment|StatefulSet)|batch\/v1:(Job|CronJob))$/;
type PodTemplate = { metadata: { labels: Record<string, string> } };
const TRAEFIK: PolicyPod = { namespace: "kube-system", labels: { "app.kubernetes.io/name": "traefik" } };
const STRANGER: PolicyPod = { namespace: "default", labels: { "app.kubernetes.io/name": "apprun", "client.apprun.io/postgres-postgres": "true" } };

describe("the network policies of a stack", () => {
  let recording: Recording<Stack>;
  let policies: NetworkPolicy[];
  let pods: Map<string, PolicyPod>;
  let ports: { workload: string; port: number }[];

  beforeAll(async () => {
    recording = await stackOf({ platform: "kubernetes", app: { replicas: 2 } });
    policies = recording.resources.filter(({ type }) => type.endsWith(":NetworkPolicy")).map(({ inputs }) => inputs as NetworkPolicy);
    pods = new Map(
      recording.resources
        .filter(({ type }) => CONTROLLER.test(type))
        .map(({ name, inputs }) => {
          const { spec } = inputs as { spec: { template?: PodTemplate; jobTemplate: { spec: { template: PodTemplate } } } };
          const { labels } = (spec.template ?? spec.jobTemplate.spec.template).metadata;
          return [spec.template === undefined ? labels["app.kubernetes.io/name"]! : name, { namespace: "apprun-dev", labels }];
        }),
    );
    ports = recording.result.inventory.workloads.flatMap(({ name, ports: own }) => own.map(({ port }) => ({ workload: name, port })));
  });

  it("allow for every pair of containers exactly the arrows of the model", () => {
    const open = [...pods].flatMap(([client, from]) =>
      ports.flatMap(({ workload, port }) => (allowed(policies, from, pods.get(workload)!, port) ? [`${client} -> ${workload}:${port}`] : [])),
    );
    expect(pods.size * ports.length).toBe(300);
    expect(open.sort()).toEqual([...ARROWS, ...BACKUP_ARROWS].sort());
  });

  it("let the ingress controller reach the public pages and nothing else", () => {
    const open = ports.filter(({ workload, port }) => allowed(policies, TRAEFIK, pods.get(workload)!, port));
    expect(open).toEqual([
      { workload: "kratos", port: 4433 },
      { workload: "apprun", port: 8080 },
    ]);
  });

  it("let nobody in from another namespace, whatever its labels", () => {
    expect(ports.filter(({ workload, port }) => allowed(policies, STRANGER, pods.get(workload)!, port))).toEqual([]);
  });

  it("keep what may reach the outside, on any port, from pods, services and a cloud's credentials", () => {
    const blocks = policies.flatMap(({ metadata, spec }) =>
      (spec?.egress ?? [])
        .filter(({ ports: some }) => some === undefined)
        .flatMap(({ to = [] }) => to.flatMap(({ ipBlock }) => (ipBlock ? [{ name: metadata?.name, ...ipBlock }] : []))),
    );
    expect(blocks).toEqual(["kratos", "apprun"].map((name) => ({ name, cidr: "0.0.0.0/0", except: ["10.42.0.0/16", "10.43.0.0/16", "169.254.0.0/16"] })));
  });
});
