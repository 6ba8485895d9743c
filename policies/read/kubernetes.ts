import type { Tier } from "../../components/model/ports.ts";
import type { PolicyResource } from "../policy.ts";
import type { ContainerView } from "./view.ts";
import { at, isSet, list, record, text, texts } from "./values.ts";

/** The part of the type behind the last colon for a Kubernetes object, such as `Deployment`. */
export function kubernetesKind({ type }: PolicyResource): string | undefined {
  return /^kubernetes:[^:]+:(\w+?)(Patch)?$/.exec(type)?.[1];
}

/** Where each kind has its pod. */
const POD_PATHS: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};

/** The pod template of a Kubernetes object that runs pods. */
export function podTemplate(resource: PolicyResource): Readonly<Record<string, unknown>> | undefined {
  const path = POD_PATHS[kubernetesKind(resource) ?? ""];
  return path === undefined ? undefined : record(at(resource.props, ...path));
}

/** The labels of a Kubernetes object. */
export function kubernetesLabels({ props }: PolicyResource): Readonly<Record<string, unknown>> {
  return record(at(props, "metadata", "labels"));
}

/** Whether labels are those of the tier that holds data. */
export function isData(labels: Readonly<Record<string, unknown>>): boolean {
  return labels["app.kubernetes.io/component"] === ("data" satisfies Tier);
}

/** Whether a selector picks what has these labels; an empty one picks everything. */
export function selects(selector: unknown, labels: unknown): boolean {
  return Object.entries(record(at(selector, "matchLabels"))).every(([key, value]) => record(labels)[key] === value);
}

/** Every container of a pod, the ones that run before the others too. */
export function podContainers(resource: PolicyResource): readonly ContainerView[] {
  const template = podTemplate(resource);
  if (template === undefined) return [];
  const kind = kubernetesKind(resource) ?? "";
  const spec = record(template["spec"]);
  const service = text(at(template, "metadata", "labels", "app.kubernetes.io/name")) ?? resource.name;
  const job = kind === "Job" || kind === "CronJob";
  const holdsData = isData(record(at(template, "metadata", "labels")));
  const one = (container: unknown, init: boolean) =>
    view(`${kind} "${resource.name}"`, { service, holdsData, job: job || init, spec, container: record(container) });
  return [
    ...list(spec["initContainers"]).map((container) => one(container, true)),
    ...list(spec["containers"]).map((container) => one(container, false)),
  ];
}

interface PodContainer {
  readonly service: string;
  readonly holdsData: boolean;
  readonly job: boolean;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly container: Readonly<Record<string, unknown>>;
}

function view(owner: string, { service, holdsData, job, spec, container }: PodContainer): ContainerView {
  const security = record(container["securityContext"]);
  const podSecurity = record(spec["securityContext"]);
  const limits = record(at(container, "resources", "limits"));
  const env = list(container["env"]).map(record);
  const user = security["runAsUser"] ?? podSecurity["runAsUser"];
  return {
    label: `${owner}, container "${text(container["name"]) ?? ""}"`,
    service,
    platform: "kubernetes",
    holdsData,
    job,
    image: text(container["image"]),
    privileged: security["privileged"] === true,
    hostNamespaces: (["network", "pid", "ipc"] as const).filter((name) => spec[HOST_KEYS[name]] === true),
    hostPaths: list(spec["volumes"]).flatMap((volume) => text(at(volume, "hostPath", "path")) ?? []),
    dropsAllCapabilities: texts(at(security, "capabilities", "drop")).includes("ALL"),
    addedCapabilities: texts(at(security, "capabilities", "add")),
    user:
      typeof user === "number"
        ? String(user)
        : (security["runAsNonRoot"] ?? podSecurity["runAsNonRoot"]) === true
          ? "non-root"
          : undefined,
    noNewPrivileges: security["allowPrivilegeEscalation"] === false,
    missingLimits: [...(isSet(limits["memory"]) ? [] : ["memory"]), ...(isSet(limits["cpu"]) ? [] : ["CPU"])],
    env: env.flatMap(({ name, value }) =>
      text(value) === undefined ? [] : [{ key: text(name) ?? "", value: text(value) ?? "" }],
    ),
    secretEnv: env.flatMap(({ name, valueFrom }) =>
      at(valueFrom, "secretKeyRef") === undefined ? [] : (text(name) ?? []),
    ),
    command: [...texts(container["command"]), ...texts(container["args"])],
    probed: isSet(container["readinessProbe"]) && isSet(container["livenessProbe"]),
    published: list(container["ports"]).flatMap((port) => {
      const { hostPort, hostIP, containerPort } = record(port);
      return hostPort === undefined
        ? []
        : [{ address: text(hostIP) ?? "0.0.0.0", port: Number(hostPort), target: Number(containerPort) }];
    }),
  };
}

const HOST_KEYS = { network: "hostNetwork", pid: "hostPID", ipc: "hostIPC" } as const;
