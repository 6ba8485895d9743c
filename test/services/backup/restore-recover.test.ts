import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { RestoreScripts } from "../../support/fakes/restore-scripts.ts";

const OLD = { app: "old", kratos: "old" };
const NEW = { app: "new", kratos: "new" };
const WHOLE = { app: "new", app__before: "old", kratos: "new", kratos__before: "old" };
const HALF = { app: "new", app__before: "old", kratos__before: "old", kratos__restoring: "new" };
const PREPARED = { ...OLD, app__restoring: "new", kratos__restoring: "new" };
const AMBIGUOUS =
  "failed: the mark of a restore is lost, and the data from before it and its own are both there; allowed: one of them; " +
  "keep the restored data with: npm run restore -- --finish, or put the old back with: npm run restore -- --undo\n";

describe("what is left of a restore", () => {
  it.each<[string, Record<string, string>, string | undefined, string, Record<string, string>]>([
    ["is undone while it swaps", HALF, "swapping\n", "recover", OLD],
    ["is undone when it was swapped whole and not said to be done", WHOLE, "swapping\n", "recover", OLD],
    ["is removed once it is done", WHOLE, "done\n", "recover", NEW],
    ["is dropped before it swaps", PREPARED, undefined, "recover", OLD],
    ["is undone where its mark is lost in the middle", HALF, undefined, "recover", OLD],
    ["is undone where its mark is empty, such as on a full disk", HALF, "", "recover", OLD],
    ["is undone where somebody says so and its mark is lost", WHOLE, undefined, "undo", OLD],
    ["is kept where somebody says so and its mark is lost", WHOLE, undefined, "finish", NEW],
    ["is undone once it is done, where somebody says so", WHOLE, "done\n", "undo", OLD],
    ["is removed where one database is done with already", { ...NEW, app__before: "old" }, "done\n", "finish", NEW],
    [
      "never loses a database of which nothing took the place",
      { kratos: "new", app__before: "old" },
      "done\n",
      "finish",
      { kratos: "new", app: "old" },
    ],
    [
      "goes on after it was interrupted while it removed the old",
      { ...NEW, kratos__before: "old" },
      "finishing\n",
      "finish",
      NEW,
    ],
  ])("%s", (_, databases, mark, command, left) => {
    const scripts = new RestoreScripts(databases, mark);
    expect(scripts.run([command])).toMatchObject({ code: 0 });
    expect(scripts.databases()).toEqual(left);
    expect(scripts.state("swap")).toBeUndefined();
  });

  it.each<[string, Record<string, string>, string | undefined, string, string]>([
    ["is left alone where nobody can tell which counts", WHOLE, undefined, "recover", AMBIGUOUS],
    [
      "cannot be undone once part of the old is gone",
      { ...NEW, kratos__before: "old" },
      "finishing\n",
      "undo",
      "failed: part of the data from before the restore is gone; allowed: its end; run: npm run restore -- --finish\n",
    ],
    [
      "cannot be kept while it swaps",
      HALF,
      "swapping\n",
      "finish",
      "failed: a restore was interrupted while it swapped the data; allowed: this once it is undone; run: npm run restore -- --undo\n",
    ],
  ])("%s", (_, databases, mark, command, message) => {
    const scripts = new RestoreScripts(databases, mark);
    expect(scripts.run([command])).toEqual({ code: 1, stderr: message });
    expect(scripts.databases()).toEqual(databases);
    expect(scripts.state("swap")).toBe(mark);
  });

  it.each<[string, string | undefined, string[], Record<string, string>]>([
    [
      "half moved without a mark",
      undefined,
      ["a:new:.restoring", "a:old:.before-restoring", "b:old"],
      { a: "old", b: "old" },
    ],
    [
      "moved whole and done",
      "done\n",
      ["a:new", "a:old:.before-restoring", ".restoring-complete::.before-restoring"],
      { a: "new" },
    ],
    ["half moved although the mark says done", "done\n", ["a:old:.before-restoring", "b:old"], { a: "old", b: "old" }],
  ])("has files too: %s", (_, mark, files, left) => {
    const scripts = new RestoreScripts(OLD, mark);
    for (const file of files) {
      const [name = "", content = "", folder] = file.split(":");
      scripts.file(folder === undefined ? name : `${folder}/${name}`, content);
    }
    expect(scripts.run(["recover"])).toMatchObject({ code: 0 });
    expect(scripts.files()).toEqual(left);
  });

  it("is not forgotten where files and databases say different things", () => {
    const scripts = new RestoreScripts({ ...OLD, app__before: "older" })
      .file("a", "new")
      .file(".before-restoring/a", "old")
      .file(".before-restoring/.restoring-complete", "");
    expect(scripts.run(["recover"])).toEqual({ code: 1, stderr: AMBIGUOUS });
    expect(scripts.files()).toEqual({ a: "new" });
  });
});

describe("a restore that is under way", () => {
  const held = () => {
    const scripts = new RestoreScripts(PREPARED);
    expect(scripts.run(["begin"], { BACKUP_OWNER: "mine" }).code).toBe(0);
    return scripts;
  };
  const REFUSED =
    "failed: a restore of apprun/dev is under way; allowed: one at a time; wait for its end, or where its command line is gone run: npm run restore -- --undo\n";

  it("keeps the schedule and other restores out between its steps", () => {
    const scripts = held();
    expect(scripts.run([], {}, "wal.sh")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(REFUSED) as string,
    });
    expect(scripts.run(["swap"], { BACKUP_OWNER: "other" })).toEqual({ code: 1, stderr: REFUSED });
    expect(scripts.run(["swap"], { BACKUP_OWNER: "mine", BACKUP_DATABASES: "app" }).code).toBe(0);
    expect(scripts.state("swap")).toBe("done\n");
  });

  it("is taken over by who ends it, and then holds nobody up", () => {
    const scripts = held();
    expect(scripts.run(["undo"], { BACKUP_OWNER: "other" }).code).toBe(0);
    expect(scripts.state("held")).toBeUndefined();
  });

  it("is ended where the volume has held no backup yet, and the next one is not held up", () => {
    const scripts = new RestoreScripts(OLD);
    rmSync(scripts.path("state"), { recursive: true });
    for (const command of ["begin", "undo"])
      expect(scripts.run([command], { BACKUP_OWNER: "mine" }), command).toEqual({ code: 0, stderr: "" });
    expect([scripts.databases(), scripts.state("held")]).toEqual([OLD, undefined]);
  });

  it("is not waited for when it was not heard of for two hours", () => {
    const scripts = new RestoreScripts(PREPARED);
    scripts.run(["begin"], { BACKUP_OWNER: "mine" });
    const [owner = "", until = ""] = (scripts.state("held") ?? "").split(" ");
    expect([owner, Math.round((Number(until) - Date.now() / 1000) / 60)]).toEqual(["mine", 120]);
    scripts.write("held", `mine ${Math.floor(Date.now() / 1000) - 1}\n`);
    expect(scripts.run(["swap"], { BACKUP_OWNER: "other", BACKUP_DATABASES: "app" }).code).toBe(0);
  });
});
