import { describe, expect, it } from "vitest";
import { partsEnvironment, partsOf } from "../../../cli/backup/parts.ts";

describe("the part of a set that comes back", () => {
  it.each<[Parameters<typeof partsOf>[0], Record<string, string>]>([
    [{}, {}],
    [{ databases: true }, { BACKUP_TREES: "" }],
    [{ databases: true, pointInTime: "2026-11-21T02:30:15Z" }, { BACKUP_TREES: "" }],
    [{ files: true }, { BACKUP_DATABASES: "" }],
    [
      { files: true, accept: ["app:./a\\nb", "app:./c"] },
      { BACKUP_DATABASES: "", BACKUP_ACCEPT: "app:./a\\nb\napp:./c" },
    ],
  ])("%j", (options, expected) => {
    expect(partsEnvironment(partsOf(options))).toEqual(expected);
  });

  it.each<[Parameters<typeof partsOf>[0], string]>([
    [{ databases: true, files: true }, "--databases and --files: got both"],
    [{ files: true, pointInTime: "2026-11-21T02:30:15Z" }, "--files: got it with --point-in-time"],
    [{ files: true, mask: ["a.sql"] }, "--mask: got it with --databases, --files or --accept"],
    [{ databases: true, accept: ["app:./a"] }, "--accept: got it with --databases"],
    [{ accept: ["/a"] }, '--accept: got "/a"; allowed: a file as the failed restore names it, such as "app:./name"'],
  ])("%j is refused", (options, message) => {
    expect(() => partsOf(options)).toThrow(message);
  });
});
