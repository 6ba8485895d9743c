import type { types } from "@pulumi/docker";
import type { ContainerSpec } from "../../model/workload.ts";

/**
 * Files are copied in before the start, owned by root. Services run as other
 * users, so the mode lets all of the container read; outside of it only root
 * can reach a container's file system.
 */
const READABLE = "0444";
const EXECUTABLE = "0555";

/** The container's files, sorted by path so that their order never shows as a change. */
export function uploads({
  files = [],
  secretFiles = [],
}: Pick<ContainerSpec, "files" | "secretFiles">): types.input.ContainerUpload[] {
  return [
    ...files.map(({ path, content, executable = false }) => ({
      file: path,
      content,
      permissions: executable ? EXECUTABLE : READABLE,
    })),
    ...secretFiles.map(({ path, content }) => ({ file: path, content, permissions: READABLE })),
  ].sort((a, b) => (a.file < b.file ? -1 : 1));
}
