/** A port that the host or every node listens on. */
export interface PublishedPort {
  readonly address: string;
  /** Port of the host. */
  readonly port: number;
  /** Port inside of the container. */
  readonly target: number;
}

/** A container in words of neither platform. */
export interface ContainerView {
  /** How messages call it, such as `container "kratos"`. */
  readonly label: string;
  /** The service that it belongs to, as labelled. */
  readonly service: string;
  readonly platform: "docker" | "kubernetes";
  /** Whether it is where data is: by its networks on Docker, by its label on Kubernetes. */
  readonly holdsData: boolean;
  /** Whether it runs once to its end. */
  readonly job: boolean;
  /** The reference to pull; absent where only an id is known. */
  readonly image: string | undefined;
  readonly privileged: boolean;
  /** Namespaces of the host that it shares: `network`, `pid`, `ipc`. */
  readonly hostNamespaces: readonly string[];
  /** Paths of the host that it mounts. */
  readonly hostPaths: readonly string[];
  readonly dropsAllCapabilities: boolean;
  /** Without the prefix `CAP_`. */
  readonly addedCapabilities: readonly string[];
  /** The user as given, such as `70:70`. */
  readonly user: string | undefined;
  readonly noNewPrivileges: boolean;
  /** Which of `memory` and `CPU` have no limit. */
  readonly missingLimits: readonly string[];
  /** Literal values only; references to secrets are left out. */
  readonly env: readonly { readonly key: string; readonly value: string }[];
  /** Keys whose value comes from a secret. */
  readonly secretEnv: readonly string[];
  /** Entrypoint and arguments. */
  readonly command: readonly string[];
  readonly probed: boolean;
  readonly published: readonly PublishedPort[];
}
