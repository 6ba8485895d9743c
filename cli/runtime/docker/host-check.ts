import { older } from "../../kit/version.ts";
import type { Problem } from "../../../components/model/problem.ts";
import { formatMebibytes, formatMillicores } from "../../../components/model/units.ts";
import type { HostFacts } from "./host-facts.ts";
import { portRemedy, type PortSettings } from "./port-settings.ts";

/** What a stack asks of its host. */
export interface HostNeeds {
  /** Thousandths of a core: the largest limit of one container. */
  readonly cpu: number;
  /** MiB: the sum of all limits. */
  readonly memory: number;
  /** MiB that volumes of the stack are planned to hold and that are not there yet. */
  readonly disk: number;
  /** What names the ports that it listens on. */
  readonly ports: PortSettings;
  /** Whether strangers connect and are told apart by their address. */
  readonly countsAddresses: boolean;
  /** Whether the proxy listens on IPv6. */
  readonly ipv6: boolean;
}

/** The oldest API with everything that the containers use: that of Engine 25, the first that checks a start more often. */
export const OLDEST_API = "1.44";

/** The first engine that lets nobody in to a port of the loopback from outside. */
const LOOPBACK_GATE = "28.0";
/** Engines that open it again when firewalld reloads its rules (CVE-2025-54388). */
const RELOADED = /^28\.(2\.|3\.[0-2](?!\d))/;

/** The first engine that hands a container the clients of each family from the network that has it. */
const IPV6_ENGINE = "28.0";

/** What a stack can live with, and an operator should know. */
export function hostWeaknesses(
  { engine, desktop }: Pick<HostFacts, "engine" | "desktop">,
  { countsAddresses }: Pick<HostNeeds, "countsAddresses">,
): readonly Problem[] {
  return [...loopbackWeaknesses(engine), ...(desktop && countsAddresses ? [HIDDEN_CLIENTS] : [])];
}

const HIDDEN_CLIENTS: Problem = {
  got: "limits.rates: Docker Desktop hides the addresses of clients, so all of them together have the rate of one",
  allowed: "an engine on Linux, which shows them",
  fix: "set limits.clients to together, or put a proxy in front that names each client (apprun:front)",
};

function loopbackWeaknesses({ version }: HostFacts["engine"]): readonly Problem[] {
  const isOpen = older(version, LOOPBACK_GATE);
  if (!isOpen && !RELOADED.test(version)) return [];
  return [
    {
      got: `Docker Engine ${version}: machines on the same network can reach ports that containers publish on 127.0.0.1${isOpen ? "" : " after firewalld reloads"}, such as operators' pages without a login`,
      allowed: "28.3.3 or newer, where the loopback is closed to them",
      fix: "update Docker, or keep others off the host's network",
    },
  ];
}

/** What keeps a stack from being deployed on a host. */
export function hostProblems(facts: HostFacts, needs: HostNeeds): readonly Problem[] {
  const problems: Problem[] = [];
  const refuse = (when: boolean, got: string, allowed: string, fix: string) => {
    if (when) problems.push({ got, allowed, fix });
  };
  refuse(
    older(facts.engine.apiVersion, OLDEST_API),
    `Docker Engine: got API version ${facts.engine.apiVersion}`,
    `${OLDEST_API} or newer (Docker Engine 25), because older engines cannot check a container often only while it starts`,
    "update Docker",
  );
  refuse(
    facts.engine.components.some((name) => name.startsWith("Podman")),
    `Docker Engine: got Podman ${facts.engine.version}`,
    "Docker Engine 25 or newer: with Podman health checks, networks and volumes of a stack were never tried",
    "name an engine of Docker with apprun:docker.host",
  );
  refuse(
    facts.rootless,
    "Docker Engine: got one that runs without root",
    "one that runs as root: without it limits, ports below 1024 and the owners of volumes depend on the machine's set-up, and no stack was ever tried",
    "name such an engine with apprun:docker.host",
  );
  refuse(
    needs.ipv6 && older(facts.engine.version, IPV6_ENGINE),
    `proxy.ipv6: got true with Docker Engine ${facts.engine.version}`,
    "28 or newer: older engines give the proxy their own address in place of the client's",
    "update Docker, or remove proxy.ipv6",
  );
  refuse(
    needs.ipv6 && facts.ipv6 === false,
    "proxy.ipv6: got true on a host whose kernel has no IPv6",
    "a host with IPv6, or false",
    "start the kernel with it (ipv6.disable=0), or remove proxy.ipv6",
  );
  refuse(
    facts.memory < needs.memory,
    `memory: the host has ${formatMebibytes(facts.memory)}`,
    `at least ${formatMebibytes(needs.memory)}, the sum of the services' limits`,
    "lower the limits in the stack file or take a larger host",
  );
  refuse(
    facts.cpus * 1000 < needs.cpu,
    `CPU: the host has ${facts.cpus} cores`,
    `at least ${formatMillicores(needs.cpu)}, the largest limit of one service`,
    "lower that limit or take a larger host",
  );
  refuse(
    facts.disk !== undefined && facts.disk.free < needs.disk,
    `disk: the engine's directory has ${formatMebibytes(facts.disk?.free ?? 0)} free`,
    `at least ${formatMebibytes(needs.disk)}, the planned sizes of the volumes that are still to be made`,
    "free some space or lower the sizes in the stack file",
  );
  for (const address of facts.portsInUse)
    refuse(true, `port: another program listens on ${address}`, "a free port", portRemedy(needs.ports, address));
  return problems;
}
