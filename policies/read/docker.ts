import { LABELS } from "../../components/model/identity.ts";
import type { Zone } from "../../components/model/zones.ts";
import type { PolicyResource } from "../policy.ts";
import type { ContainerView } from "./view.ts";
import { isSet, list, record, text, texts } from "./values.ts";

/** The labels of a Docker resource. */
export function dockerLabels({ props }: PolicyResource): Readonly<Record<string, string>> {
  return Object.fromEntries(
    list(props["labels"]).map((entry) => [text(record(entry)["label"]) ?? "", text(record(entry)["value"]) ?? ""]),
  );
}

/** A `docker:index/container:Container`. */
export function dockerContainer(resource: PolicyResource): ContainerView {
  const { props, name } = resource;
  const capabilities = record(props["capabilities"]);
  const modes = { network: props["networkMode"], pid: props["pidMode"], ipc: props["ipcMode"] };
  return {
    label: `container "${name}"`,
    service: dockerLabels(resource)[LABELS.service] ?? name,
    platform: "docker",
    holdsData: isDataZone(list(props["networksAdvanced"]).map((network) => text(record(network)["name"]) ?? "")),
    job: props["attach"] === true,
    image: imageReference(props["image"]),
    privileged: props["privileged"] === true,
    hostNamespaces: Object.entries(modes).flatMap(([namespace, mode]) => (mode === "host" ? [namespace] : [])),
    hostPaths: hostPaths(props),
    dropsAllCapabilities: texts(capabilities["drops"]).includes("ALL"),
    addedCapabilities: texts(capabilities["adds"]).map((capability) => capability.replace(/^CAP_/, "")),
    user: text(props["user"]),
    noNewPrivileges: texts(props["securityOpts"]).some((option) => /^no-new-privileges([:=]true)?$/.test(option)),
    missingLimits: [...(isSet(props["memory"]) ? [] : ["memory"]), ...(isSet(props["cpus"]) ? [] : ["CPU"])],
    env: texts(props["envs"]).map((line) => ({
      key: line.slice(0, line.indexOf("=")),
      value: line.slice(line.indexOf("=") + 1),
    })),
    secretEnv: [],
    command: [...texts(props["entrypoints"]), ...texts(props["command"])],
    probed: probed(props["healthcheck"]),
    published: list(props["ports"]).map((entry) => {
      const { ip, external, internal } = record(entry);
      return { address: text(ip) ?? "0.0.0.0", port: Number(external ?? 0), target: Number(internal) };
    }),
  };
}

/** Services that hold data are in its network and not in the others'; their clients are in both. */
function isDataZone(networks: readonly string[]): boolean {
  const isIn = (zone: Zone) => networks.some((name) => name.endsWith(`-${zone}`));
  return isIn("data") && !isIn("backend");
}

/** What was asked for; the provider's image id names no version. */
function imageReference(image: unknown): string | undefined {
  const reference = text(image);
  return reference?.startsWith("sha256:") === true ? undefined : reference;
}

function hostPaths(props: PolicyResource["props"]): readonly string[] {
  const volumes = list(props["volumes"]).flatMap((volume) => text(record(volume)["hostPath"]) ?? []);
  const mounts = list(props["mounts"]).map(record);
  return [...volumes, ...mounts.flatMap(({ type, source }) => (type === "bind" ? (text(source) ?? []) : []))];
}

function probed(healthcheck: unknown): boolean {
  const tests = list(record(healthcheck)["tests"]);
  return tests.length > 0 && tests[0] !== "NONE";
}
