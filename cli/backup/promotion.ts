/** What the promotion of a replica has done. */
export interface Promoted {
  /** The new timeline of the write-ahead log. */
  readonly timeline: number;
  /** Where the replica's log ended. */
  readonly replayed: string;
  /** When the last transaction that it has was committed; empty where it saw none since its start. */
  readonly lastCommit: string;
  /** Bytes of the primary's log that it lacks; null where the primary was not stopped in order and nobody can tell. */
  readonly lostBytes: number | null;
  /** The directory of the old data in the primary's volume; empty where there was none. */
  readonly aside: string;
}

/** Where the data of a primary and its replica is, as the command sees it. */
export interface PromotionHost {
  /**
   * Looks whether there is a replica to take the data from.
   * @throws CliError when there is none; nothing was changed
   */
  require(): Promise<void>;
  /**
   * Stops the primary and then the replica, so that nobody writes to either: a primary that is stopped in order sends
   * the last of its log first. One that is missing counts as stopped.
   * @throws when one does not stop
   */
  stop(): Promise<void>;
  /**
   * Puts a promoted copy of the replica's data in the primary's place, and keeps the old data beside it.
   * @throws CliError when it fails; the old data is in its place then, unless it says where else
   */
  promote(options: { readonly acceptLoss: boolean }): Promise<Promoted>;
  /** Starts both again. Returns whether the primary is there to be started. */
  start(): Promise<boolean>;
}
