/** Where a stack can run. k3s is a Kubernetes whose classes of volumes and way in are known. */
export const TARGETS = ["docker", "k3s", "kubernetes"] as const;
export type Target = (typeof TARGETS)[number];

/** What `init` asks, in the words of its options. Nothing stands for an answer that was left empty. */
export interface Answers {
  readonly stack: string;
  readonly target: Target;
  /** `@default -` the engine of this machine */
  readonly dockerHost?: string | undefined;
  readonly storageClass?: string | undefined;
  readonly domain?: string | undefined;
  readonly acmeEmail?: string | undefined;
  readonly clusterIssuer?: string | undefined;
  /** `@default -` the sample app, where the stack's name allows it */
  readonly appImage?: string | undefined;
  readonly appPort?: string | undefined;
  readonly mailFrom?: string | undefined;
  /** Endpoint, bucket and prefix in one. `@default -` backups stay where the stack runs */
  readonly backupBucket?: string | undefined;
  readonly region?: string | undefined;
}
