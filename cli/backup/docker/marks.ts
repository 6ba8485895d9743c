import { text } from "node:stream/consumers";
import type Docker from "dockerode";
import { exec } from "../../runtime/docker/exec.ts";
import type { RestoreMarks } from "../host.ts";

/** In the volume of backups, where the schedule's container has it. */
const PATH = "/backup/state/restore";

/** A block of a tar archive; the first one is the header of its one file. */
const BLOCK = 512;
/** Where a header has the size, in octal digits. */
const SIZE = [124, 135] as const;

/** The mark of a restore in the volume of backups. */
export function volumeMarks(docker: Docker, schedule: string): RestoreMarks {
  return {
    // As an archive: that is answered for a container that does not run, too.
    async read() {
      try {
        const archive = await text(await docker.getContainer(schedule).getArchive({ path: PATH }));
        return archive.slice(BLOCK, BLOCK + Number.parseInt(archive.slice(...SIZE), 8));
      } catch (error) {
        if ((error as { statusCode?: number }).statusCode === 404) return undefined;
        throw error;
      }
    },
    async write(mark) {
      // Aside first: a full disk must not leave half of it.
      const script = 'mkdir -p "${0%/*}" && cat >"$0.new" && sync "$0.new" && mv "$0.new" "$0"';
      await exec(docker, schedule, ["sh", "-c", script, PATH], { input: mark });
    },
    async clear() {
      await exec(docker, schedule, ["rm", "-f", PATH]);
    },
  };
}
