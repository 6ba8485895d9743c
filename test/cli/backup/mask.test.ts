import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { maskFiles, type MaskChoice } from "../../../cli/backup/mask.ts";
import { EXIT } from "../../../cli/kit/exit.ts";
import { settingsOf } from "../../support/record/stacks.ts";

const directory = mkdtempSync(join(tmpdir(), "mask-"));
const file = (name: string, content: string) => {
  writeFileSync(join(directory, name), content);
  return join(directory, name);
};
const MAIL = file("mail.sql", "UPDATE customers SET mail = '';\n");
const NAMES = file("names & more.sql", "UPDATE customers SET name = '';\n");
const LONG = file("long.sql", "-".repeat(512 * 1024));
const files = (choice: MaskChoice) => maskFiles(choice, settingsOf({ backup: { enabled: true } }, choice.stack));

describe("the files that mask another stack's data", () => {
  it("come in their order, with names that a Secret's keys may have", () => {
    expect(files({ stack: "pr-7", from: "prod", mask: [NAMES, MAIL] })).toEqual([
      { name: "mask-1-names___more.sql", content: "UPDATE customers SET name = '';\n" },
      { name: "mask-2-mail.sql", content: "UPDATE customers SET mail = '';\n" },
    ]);
  });

  it("are asked for where a pull request's stack would get data of another environment", () => {
    for (const from of ["prod", "staging", "test", "dev"])
      expect(() => files({ stack: "pr-7", from })).toThrow(
        `--from: got "${from}" for stack pr-7 without --mask; allowed: in the stack of a pull request sets of another pr-<n>, or masked ones; name SQL files that overwrite what is personal: --mask FILE; nothing was changed`,
      );
  });

  it.each<[string, MaskChoice]>([
    ["own set", { stack: "pr-7" }],
    ["set of a stack whose data is masked already", { stack: "pr-7", from: "pr-8" }],
    ["set in an environment that may have it", { stack: "staging", from: "prod" }],
  ])("are not asked for with an %s", (_, choice) => {
    expect(files(choice)).toEqual([]);
  });

  it.each<[Partial<MaskChoice>, string]>([
    [
      { from: undefined },
      "--mask: got no --from; allowed: sets of another stack; name it with --from; nothing was changed",
    ],
    [
      { from: "pr-7" },
      '--mask: got --from "pr-7", the stack itself; allowed: sets of another stack; its own data would be lost: leave out --mask; nothing was changed',
    ],
    [
      { pointInTime: "2026-11-21T02:30:15Z" },
      "--mask: got --point-in-time too; allowed: one of them; choose a set with --time; nothing was changed",
    ],
    [{ mask: [LONG, MAIL] }, "--mask: got 513 KiB; allowed: at most 512 KiB; write it shorter; nothing was changed"],
    [
      { mask: [file("empty.sql", "\n")] },
      `--mask ${directory}/empty.sql: got an empty file; allowed: SQL; write it first; nothing was changed`,
    ],
    [
      { mask: [join(directory, "none.sql")] },
      `--mask ${directory}/none.sql: got no readable file; allowed: a file; write it first`,
    ],
  ])("are refused with %j", (change, message) => {
    const choice = { stack: "pr-7", from: "prod", mask: [MAIL], ...change };
    expect(() => files(choice)).toThrow(expect.objectContaining({ message, exitCode: EXIT.usage }) as Error);
  });

  it("are refused where the stack's archive of the log would keep the rows as they were", () => {
    const settings = settingsOf({ backup: { enabled: true, pointInTime: { enabled: true } } }, "staging");
    expect(() => maskFiles({ stack: "staging", from: "prod", mask: [MAIL] }, settings)).toThrow(
      "--mask: got stack staging with apprun:backup.pointInTime.enabled; allowed: a stack that archives no log: its archive would keep the rows as they were; turn it off; nothing was changed",
    );
  });
});
