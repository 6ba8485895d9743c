import { describe, expect, it } from "vitest";
import { message, problems, type Policy, type PolicyContext, type PolicyResource } from "../../policies/policy.ts";

const CONTEXT: PolicyContext = { identity: { project: "apprun", stack: "prod" }, column: "prod", hostMemory: 1024 };

/** A resource or the whole of a stack. */
type Case = PolicyResource | readonly PolicyResource[];

/** What every policy's spec states: what passes, and what fails with which message. */
export function describePolicy(
  policy: Policy,
  {
    passes,
    fails,
    context = {},
  }: { passes: Record<string, Case>; fails: Record<string, [Case, ...string[]]>; context?: Partial<PolicyContext> },
): void {
  const found = (given: Case) =>
    problems(policy, asList(given), { ...CONTEXT, ...context }).map((got) => message(policy, got));
  describe(policy.name, () => {
    it.each(Object.entries(passes))("passes %s", (_, given) => {
      expect(found(given)).toEqual([]);
    });
    it.each(Object.entries(fails))("fails %s", (_, [given, ...messages]) => {
      expect(found(given)).toEqual(messages);
    });
    it("is not about resources of another type", () => {
      expect(
        found({
          type: "aws:s3/bucket:Bucket",
          name: "other",
          props: { name: "Bucket!", spec: { type: "LoadBalancer" }, length: 1 },
          protect: false,
        }),
      ).toEqual([]);
    });
  });
}

function asList(given: Case): readonly PolicyResource[] {
  return Array.isArray(given) ? (given as readonly PolicyResource[]) : [given as PolicyResource];
}

export function resource(
  type: string,
  name: string,
  props: Record<string, unknown> = {},
  protect = false,
): PolicyResource {
  return { type, name, props, protect };
}

const labels = (service: string) => [
  { label: "io.apprun.service", value: service },
  { label: "io.apprun.stack", value: "apprun/prod" },
];

/** A container that keeps every rule, with some of its inputs changed; `undefined` takes one away. */
export function container(changes: Record<string, unknown> = {}, name = "app"): PolicyResource {
  return resource("docker:index/container:Container", name, {
    name: `apprun-prod-${name}`,
    image: "websoft9/apprun:1.0.0",
    user: "10001:10001",
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    memory: 128,
    cpus: "0.5",
    logDriver: "json-file",
    logOpts: { "max-size": "10m", "max-file": "3" },
    restart: "unless-stopped",
    healthcheck: { tests: ["CMD", "true"] },
    labels: labels(name),
    ...changes,
  });
}

/** A one-shot container that keeps every rule. */
export function job(changes: Record<string, unknown> = {}, name = "job"): PolicyResource {
  return container({ attach: true, restart: "no", healthcheck: undefined, ...changes }, name);
}

export function remoteImage(reference: string): PolicyResource {
  return resource("docker:index/remoteImage:RemoteImage", "image-x", { name: reference });
}

/** Parts of a Deployment that a test may change. */
export interface PodChanges {
  readonly container?: Record<string, unknown>;
  readonly security?: Record<string, unknown>;
  readonly pod?: Record<string, unknown>;
  readonly spec?: Record<string, unknown>;
  readonly init?: Record<string, unknown>;
  readonly labels?: Record<string, string>;
}

/** A Deployment that keeps every rule, with some of it changed. */
export function deployment(changes: PodChanges = {}, name = "app", kind = "apps/v1:Deployment"): PolicyResource {
  const template = {
    metadata: { labels: { "app.kubernetes.io/name": name, ...changes.labels } },
    spec: podSpec(changes),
  };
  return resource(`kubernetes:${kind}`, name, {
    metadata: { labels: { "app.kubernetes.io/instance": "apprun-prod" } },
    spec: kind.endsWith("CronJob")
      ? { jobTemplate: { spec: { template } } }
      : { replicas: 2, template, ...changes.spec },
  });
}

/** A NetworkPolicy of a service's pods with one rule, or none: nobody gets through. */
export function networkPolicy(name: string, rule?: object, type = "Ingress"): PolicyResource {
  const podSelector = { matchLabels: { "app.kubernetes.io/name": name } };
  return resource("kubernetes:networking.k8s.io/v1:NetworkPolicy", name, {
    spec: { podSelector, policyTypes: [type], ...(rule && { ingress: [rule] }) },
  });
}

function podSpec({ container: changed, security, pod, init }: PodChanges): Record<string, unknown> {
  const one = {
    name: "main",
    image: "websoft9/apprun:1.0.0",
    resources: { limits: { cpu: "1", memory: "128Mi" } },
    readinessProbe: { httpGet: { path: "/", port: 80 } },
    livenessProbe: { httpGet: { path: "/", port: 80 } },
    securityContext: {
      runAsUser: 10001,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      ...security,
    },
    ...changed,
  };
  return {
    containers: [one],
    ...(init && {
      initContainers: [{ ...one, name: "first", readinessProbe: undefined, livenessProbe: undefined, ...init }],
    }),
    ...pod,
  };
}
