import type { Problem } from "../../../components/model/problem.ts";

/** What the cluster has of the ingress controller that the settings describe. */
export interface ControllerFacts {
  /** Images of its running pods, each once. `@default -` this kubeconfig may not look */
  readonly images?: readonly string[];
  /** Whether one of them is on its node's own network. @default false */
  readonly onHostNetwork?: boolean;
  /** What hides the addresses of clients from it. `@default -` nothing that is known */
  readonly hiddenBy?: string | undefined;
  /** Services that let in requests from outside of the cluster. @default [] */
  readonly openBy?: readonly string[];
}

/** How the settings describe it. */
export interface ControllerNeeds {
  readonly controller: "traefik" | "other";
  readonly namespace: string;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly addresses: readonly string[];
  /** Whether clients are told apart by their address. */
  readonly countsAddresses: boolean;
  /** Whether every request is to arrive by a tunnel. */
  readonly behindTunnel: boolean;
}

const SETTING = "kubernetes.ingress.controller traefik";

/** The version that has all of this program's rules, which an older one drops without a word. */
const OLDEST_TRAEFIK = 3;

/** What keeps routes from working as they are written. */
export function controllerProblems({ images = [] }: ControllerFacts, needs: ControllerNeeds): readonly Problem[] {
  if (needs.controller !== "traefik") return [];
  return images
    .filter((image) => (traefikMajor(image) ?? OLDEST_TRAEFIK) < OLDEST_TRAEFIK)
    .map((image) => ({
      got: `${SETTING}: got ${image} in namespace ${needs.namespace}, which drops the rules of body limits and hidden paths`,
      allowed: `Traefik ${OLDEST_TRAEFIK}`,
      fix: "update it: k3s brings it since 1.32, Traefik's chart since 28",
    }));
}

/** What an operator should know of the way in. */
export function controllerWeaknesses(facts: ControllerFacts, needs: ControllerNeeds): readonly Problem[] {
  return [...policyWeaknesses(facts, needs), ...addressWeaknesses(facts, needs), ...detours(facts, needs)];
}

/** Who goes around Cloudflare is asked by none of its rules, and writes into the rates whatever address they like. */
function detours({ openBy = [] }: ControllerFacts, { behindTunnel }: ControllerNeeds): readonly Problem[] {
  if (!behindTunnel || openBy.length === 0) return [];
  return [
    {
      got: `cloudflare.origin tunnel: the ingress controller takes requests from outside as well, by ${openBy.join(", ")}, and those go around Cloudflare`,
      allowed: "a controller that only the cluster reaches",
      fix: "give its Service the type ClusterIP (with k3s by a HelmChartConfig), or close its ports by a firewall",
    },
  ];
}

/** One client can end the login of all. */
function addressWeaknesses({ hiddenBy }: ControllerFacts, { countsAddresses }: ControllerNeeds): readonly Problem[] {
  if (hiddenBy === undefined || !countsAddresses) return [];
  return [
    {
      got: `limits.rates: ${hiddenBy} hides the addresses of clients, so all of them together have the rate of one`,
      allowed: "a way in that shows them",
      fix: "set limits.clients to together, or run the controller on the nodes' own network, or behind a balancer that names each client (apprun:front)",
    },
  ];
}

function policyWeaknesses(
  { images, onHostNetwork = false }: ControllerFacts,
  needs: ControllerNeeds,
): readonly Problem[] {
  if (onHostNetwork && needs.addresses.length === 0)
    return [
      {
        got: `kubernetes.ingress.addresses: got nothing, and the controller in namespace ${needs.namespace} is on its node's own network, where policies see no pod and let nobody in to the pages`,
        allowed:
          "the addresses that its requests come from: those of the nodes, and with flannel the first two of each node's pods",
        fix: 'set it, such as ["192.168.1.0/24", "10.42.0.0/31"]',
      },
    ];
  if (images?.length !== 0) return [];
  return [
    {
      got: `kubernetes.ingress: no pod in namespace ${needs.namespace} has the labels ${labelsText(needs.podLabels)}, so network policies let nobody in to the pages`,
      allowed: "namespace and labels of the controller's pods",
      fix: "set kubernetes.ingress.namespace and podLabels",
    },
  ];
}

/**
 * The major version that an image's tag says, as in `rancher/mirrored-library-traefik:3.3.6` and `traefik:v3.5`. A
 * number alone says it of the official image only: in a registry of your own it may count builds.
 */
function traefikMajor(image: string): number | undefined {
  const [, major] =
    /traefik[^/]*:v?(\d+)\.\d/.exec(image) ??
    /^(?:docker\.io\/)?(?:library\/)?traefik:v?(\d+)(?![\w.])/.exec(image) ??
    [];
  return major === undefined ? undefined : Number(major);
}

/** Labels as kubectl and the API select by them. */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
