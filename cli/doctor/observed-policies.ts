import type Docker from "dockerode";
import { namedBy, SERVICES } from "../../components/services/catalogue.ts";
import type { Settings } from "../../components/stack/settings.ts";
import { evaluate, isMandatory } from "../../policies/evaluate.ts";
import type { PolicyResource } from "../../policies/policy.ts";
import type { DoctorFinding } from "./finding.ts";
import { policyFinding } from "./policy-finding.ts";

/** Policies that a container breaks as it really is, whoever made it. */
export function observedFindings(
  containers: readonly Docker.ContainerInspectInfo[],
  settings: Settings,
): readonly DoctorFinding[] {
  return evaluate(containers.map(asResource), { identity: settings.identity, named: namedBy(settings, SERVICES) })
    .filter(isMandatory)
    .filter(({ policy }) => OBSERVABLE.has(policy))
    .map(policyFinding);
}

/** Policies whose facts an engine can be asked for. */
const OBSERVABLE = new Set([
  "no-privileged",
  "no-host-namespaces",
  "no-host-paths",
  "no-public-data-port",
  "only-proxy-public",
  "secret-strength",
  "secret-not-in-env",
  "no-kratos-dev",
]);

/** A container in the words of the provider's inputs. */
function asResource({
  Name,
  Config,
  HostConfig,
  Mounts,
  NetworkSettings,
}: Docker.ContainerInspectInfo): PolicyResource {
  const bindings = Object.entries(
    (HostConfig.PortBindings ?? {}) as Record<string, { HostIp: string; HostPort: string }[] | null>,
  );
  return {
    type: "docker:index/container:Container",
    name: Name.slice(1),
    protect: false,
    props: {
      image: Config.Image,
      privileged: HostConfig.Privileged,
      networkMode: HostConfig.NetworkMode,
      networksAdvanced: Object.keys(NetworkSettings.Networks).map((name) => ({ name })),
      pidMode: HostConfig.PidMode,
      ipcMode: HostConfig.IpcMode,
      envs: Config.Env,
      entrypoints: Config.Entrypoint,
      command: Config.Cmd,
      labels: Object.entries(Config.Labels).map(([label, value]) => ({ label, value })),
      mounts: Mounts.map(({ Type, Source }) => ({ type: Type, source: Source })),
      ports: bindings.flatMap(([target, all]) =>
        (all ?? []).map(({ HostIp, HostPort }) => ({
          ip: HostIp || "0.0.0.0",
          external: Number(HostPort),
          internal: Number.parseInt(target, 10),
        })),
      ),
    },
  };
}
