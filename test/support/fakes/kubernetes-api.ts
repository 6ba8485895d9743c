import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

interface FakeVolume {
  readonly name: string;
  /** Namespace and name of the claim that it belongs to. */
  readonly claim: readonly [namespace: string, name: string];
  reclaimPolicy: string;
}

/** What a cluster's API has of namespaces, claims and volumes. */
export class FakeKubernetesApi {
  /** The uid of each namespace by its name. */
  readonly namespaces = new Map<string, string>();
  readonly claims: {
    readonly namespace: string;
    readonly name: string;
    readonly component: string;
    /** Further ones. */
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
    readonly spec?: object;
  }[] = [];
  readonly volumes: FakeVolume[] = [];
  /** What the cluster says of each node's machine, by the node's name. */
  readonly nodes = new Map<
    string,
    { readonly machineID: string; readonly architecture: string; readonly operatingSystem: string }
  >();
  /** Leases of the namespace default by name. */
  readonly leases = new Map<string, { readonly metadata: { readonly uid: string } }>();
  #uids = 0;
  /** Requests that would change something. */
  readonly changes: string[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(({ status, body }) =>
        response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body)),
      );
    });
  }

  /** Starts it and returns a whole kubeconfig. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const server = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return JSON.stringify(
      {
        apiVersion: "v1",
        kind: "Config",
        "current-context": "pull-requests",
        contexts: [{ name: "pull-requests", context: { cluster: "pull-requests", user: "pull-requests" } }],
        clusters: [{ name: "pull-requests", cluster: { server, "insecure-skip-tls-verify": true } }],
        users: [{ name: "pull-requests", user: {} }],
      },
      undefined,
      1,
    );
  }

  stop(): void {
    this.#server.close();
  }

  async #answer(request: IncomingMessage): Promise<{ readonly status: number; readonly body: unknown }> {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const path = (request.url ?? "").split("?")[0] ?? "";
    if (request.method !== "GET") this.changes.push(`${request.method ?? ""} ${path}`);
    if (/^\/version\/?$/.test(path)) return { status: 200, body: { major: "1", minor: "33", gitVersion: "v1.33.4" } };
    const lease = LEASES.exec(path);
    if (lease !== null) return this.#lease(request.method ?? "", lease[1], text);
    const namespace = /^\/api\/v1\/namespaces\/([\w-]+)(\/persistentvolumeclaims)?$/.exec(path);
    if (namespace?.[2] !== undefined) {
      const own = this.claims.filter((claim) => claim.namespace === namespace[1]);
      return {
        status: 200,
        body: {
          items: own.map(({ name, component, labels, deletionTimestamp, spec }) => ({
            spec,
            metadata: { name, deletionTimestamp, labels: { ...labels, "app.kubernetes.io/component": component } },
          })),
        },
      };
    }
    const uid = this.namespaces.get(namespace?.[1] ?? "");
    if (uid !== undefined) return { status: 200, body: { metadata: { name: namespace?.[1], uid } } };
    if (path === "/api/v1/nodes")
      return {
        status: 200,
        body: { items: [...this.nodes].map(([name, nodeInfo]) => ({ metadata: { name }, status: { nodeInfo } })) },
      };
    if (path === "/api/v1/persistentvolumes") return { status: 200, body: { items: this.volumes.map(volumeObject) } };
    const volume = this.volumes.find(({ name }) => path === `/api/v1/persistentvolumes/${name}`);
    if (request.method !== "PATCH" || volume === undefined)
      return { status: 404, body: { code: 404, message: "not found" } };
    volume.reclaimPolicy = (
      JSON.parse(text) as { spec: { persistentVolumeReclaimPolicy: string } }
    ).spec.persistentVolumeReclaimPolicy;
    return { status: 200, body: volumeObject(volume) };
  }

  /** Made once, and removed only as the one that was read. */
  #lease(method: string, name: string | undefined, text: string): { readonly status: number; readonly body: object } {
    const sent = (text === "" ? {} : JSON.parse(text)) as {
      metadata?: { name: string };
      preconditions?: { uid: string };
    };
    const known = this.leases.get(name ?? sent.metadata?.name ?? "");
    if (method === "POST") {
      if (known !== undefined) return { status: 409, body: { code: 409, message: "AlreadyExists" } };
      const metadata = { ...sent.metadata, uid: `uid-${(this.#uids += 1)}` };
      this.leases.set(sent.metadata?.name ?? "", { ...sent, metadata });
      return { status: 201, body: { ...sent, metadata } };
    }
    if (known === undefined) return { status: 404, body: { code: 404, message: "not found" } };
    if (method !== "DELETE") return { status: 200, body: known };
    if (sent.preconditions?.uid !== known.metadata.uid)
      return { status: 409, body: { code: 409, message: "Conflict" } };
    this.leases.delete(name ?? "");
    return { status: 200, body: {} };
  }
}

/** Of all Leases, or of one. */
const LEASES = /^\/apis\/coordination\.k8s\.io\/v1\/namespaces\/default\/leases(?:\/(.+))?$/;

function volumeObject({ name, claim, reclaimPolicy }: FakeVolume) {
  return {
    metadata: { name },
    spec: { claimRef: { namespace: claim[0], name: claim[1] }, persistentVolumeReclaimPolicy: reclaimPolicy },
  };
}
