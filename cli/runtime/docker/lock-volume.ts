import type Docker from "dockerode";
import { physicalName, qualifiedName, type StackIdentity } from "../../../components/model/identity.ts";
import { readHolder, writeHolder, type Holder, type LockStore } from "../lock/holder.ts";

/** Of its own, so that nothing takes the lock for a part of the stack: those have the label of the stack. */
const STACK = "io.apprun.lock";
const HOLDER = "io.apprun.lock.holder";

/**
 * A stack's lock at a Docker Engine: an empty volume. The engine makes a volume
 * of a name once and answers every other call with the one that is there, and
 * unlike a container it needs no image, which a new host does not have yet.
 */
export function lockVolume(docker: Docker, identity: StackIdentity): LockStore {
  const name = physicalName(identity, "lock");
  const read = async (): Promise<Holder | undefined> => {
    try {
      // The client's types leave out that a volume without labels has none at all.
      const { Labels } = (await docker.getVolume(name).inspect()) as { readonly Labels: Record<string, string> | null };
      return readHolder(Labels?.[HOLDER]);
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode === 404) return undefined;
      throw error;
    }
  };
  return {
    read,
    async take(holder) {
      await docker.createVolume({
        Name: name,
        Labels: { [STACK]: qualifiedName(identity), [HOLDER]: writeHolder(holder) },
      });
      // Whoever had it may have let go of it since; the next command sees that.
      return (await read()) ?? readHolder(undefined);
    },
    async release({ token }) {
      if ((await read())?.token === token) await docker.getVolume(name).remove();
    },
  };
}
