import { statePath } from "../../../components/services/backup/remote.ts";
import type { Bucket } from "./bucket.ts";
import { seal, unseal, type StateCopy } from "./sealed.ts";

/** So many of the newest copies stay: a state that an update spoiled must not be the only one. */
const KEPT = 30;
const SUFFIX = ".age";

/** The copies of a stack's state in a bucket. */
export class StateCopies {
  readonly #bucket: Bucket;
  readonly #directory: string;

  /** `stack` is the stack's name with its project's. */
  constructor(bucket: Bucket, { prefix, stack }: { readonly prefix?: string | undefined; readonly stack: string }) {
    this.#bucket = bucket;
    this.#directory = `${statePath({ prefix }, stack)}/`;
  }

  /** Keys of the copies, oldest first: their names are their times. */
  list(): Promise<readonly string[]> {
    return this.#bucket.list(this.#directory);
  }

  /** Puts a copy there and takes away those that are too many. Returns its key. */
  async put(copy: StateCopy, passphrase: string): Promise<string> {
    const key = `${this.#directory}${copy.at}${SUFFIX}`;
    await this.#bucket.put(key, await seal(copy, passphrase));
    await this.#bucket.remove((await this.list()).slice(0, -KEPT));
    return key;
  }

  /** The newest copy. `undefined` where there is none. */
  async newest(passphrase: string): Promise<StateCopy | undefined> {
    const key = (await this.list()).at(-1);
    return key === undefined ? undefined : unseal(key, await this.#bucket.get(key), passphrase);
  }
}
