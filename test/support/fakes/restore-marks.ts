import type { RestoreMarks } from "../../../cli/backup/host.ts";

/** A place for the mark of a restore, which every clone of these tests sees. */
export function fakeMarks(mark?: string): RestoreMarks {
  return {
    read: () => Promise.resolve(mark),
    write(text) {
      mark = text;
      return Promise.resolve();
    },
    clear() {
      mark = undefined;
      return Promise.resolve();
    },
  };
}
