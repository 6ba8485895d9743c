/** What tells where in a bucket a stack's remote copies are. */
export interface RemotePath {
  /** @default - at the bucket's root */
  readonly prefix?: string | undefined;
}

/** Path of the repository in its bucket. `stack` is the stack's name with its project's. */
export function repositoryPath({ prefix }: RemotePath, stack: string): string {
  return [...(prefix === undefined ? [] : [prefix]), stack].join("/");
}

/** Path of the copies of the engine's state, beside the repository, whose password is a secret inside them. */
export function statePath(remote: RemotePath, stack: string): string {
  return `${repositoryPath(remote, stack)}-state`;
}
