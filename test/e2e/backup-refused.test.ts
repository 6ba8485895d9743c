import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRestic } from "../support/e2e/available.ts";
import { BackupStack } from "../support/e2e/backup-stack.ts";
import { wipe } from "../support/e2e/e2e.ts";

const STACK = "pr-643";
const ROWS = 20_000;
const FILES = 300;
const stack = new BackupStack(STACK);

/** The first large pack of the repository, which holds data of the set. */
const PACK = "$(find /backup/repository/data -type f -size +1000k | sort | head -n 1)";

/** Shell that changes a repository in place; without `--no-lock` nobody else would notice. */
const RESTIC =
  "PATH=/opt/backup-tools:$PATH RESTIC_PASSWORD_FILE=/run/secrets/backup-password restic --repo /backup/repository --no-cache -q";

describe.skipIf(!(await hasRestic()))(
  "a backup that cannot be used is refused, and nothing is overwritten (skipped without restic 0.17)",
  () => {
    let data: Awaited<ReturnType<BackupStack["fingerprint"]>>;

    beforeAll(async () => {
      await stack.fill(ROWS, FILES);
      await stack.ok(["backup"]);
      await stack.sql("create table after_the_backup as select 1 as a");
      data = await stack.fingerprint();
    });
    afterAll(() => wipe(STACK));

    /** Plants a fault, looks what a restore says, and takes the fault away. */
    async function refused(
      plant: string,
      undo: string,
      message: RegExp,
      restore: readonly string[] = ["restore", "--confirm", STACK],
    ) {
      await stack.inBackup(plant);
      try {
        const { code, stderr } = await stack.project.cli(restore);
        expect(stderr).toMatch(message);
        expect(code).toBe(1);
        expect(await stack.fingerprint()).toEqual(data);
        expect(await stack.sql("select to_regclass('after_the_backup') is not null")).toBe("t");
        expect(await stack.leftovers()).toBe("none");
      } finally {
        await stack.inBackup(undo);
      }
    }

    it("without a confirmation", async () => {
      expect(await stack.project.cli(["restore"])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`--confirm: got ""; allowed: "${STACK}"`) as string,
      });
      expect(await stack.fingerprint()).toEqual(data);
    });

    it("with a flipped byte", () =>
      refused(
        `p=${PACK}; test -n "$p" && echo "$p" >/tmp/pack && cp -p "$p" /tmp/good && chmod 600 "$p" && byte=$(od -An -tu1 -j5000 -N1 "$p") && printf "\\\\$(printf %03o $((byte ^ 1)))" | dd of="$p" bs=1 seek=5000 conv=notrunc 2>/dev/null; ! cmp -s "$p" /tmp/good`,
        'cp -p /tmp/good "$(cat /tmp/pack)"',
        /the set cannot be read whole|the files of \S+ cannot be restored/,
      ));

    it("cut short, by the drill too, which shows as a metric", async () => {
      const plant = `p=${PACK}; test -n "$p" && echo "$p" >/tmp/pack && cp -p "$p" /tmp/good && chmod 600 "$p" && truncate -s 1000 "$p"`;
      const undo = 'cp -p /tmp/good "$(cat /tmp/pack)"';
      await refused(plant, undo, /the set cannot be read whole|the files of \S+ cannot be restored/);
      await refused(plant, undo, /the newest set cannot be read whole/, ["drill"]);
      expect(await stack.inBackup("grep 'success{task=\"drill\"}' /backup-metrics/backup.prom")).toContain(" 0");
      await stack.ok(["drill"]);
      expect(await stack.inBackup("grep 'success{task=\"drill\"}' /backup-metrics/backup.prom")).toContain(" 1");
    });

    it("with a manifest that does not say what the dumps hold", async () => {
      const forge = (
        change: string,
      ) => `set -e; rm -rf /backup/work; mkdir /backup/work; id=$(${RESTIC} snapshots --json --tag complete | grep -o '"id":"[0-9a-f]*"' | head -n 1 | cut -d'"' -f4)
      ${RESTIC} restore "$id:/backup/work/set" --target /backup/work/set; chmod -R u+w /backup/work/set; ${change}
      ${RESTIC} backup --host apprun/${STACK} --tag complete --tag set=20990101T000000Z /backup/work/set $(for t in $BACKUP_TREES; do echo /sources/$t; done) 2>/dev/null; rm -rf /backup/work`;
      const undo = `id=$(${RESTIC} snapshots --json --tag set=20990101T000000Z | grep -o '"id":"[0-9a-f]*"' | cut -d'"' -f4); ${RESTIC} forget $id`;
      await refused(
        forge(`sed -i 's|"stack": *"apprun/${STACK}"|"stack": "apprun/elsewhere"|' /backup/work/set/manifest.json`),
        undo,
        /the set is of stack apprun\/elsewhere; allowed: sets of apprun\/pr-643/,
      );
      await refused(
        forge(
          "head -c 1000 /backup/work/set/postgres/apprun.dump >/tmp/d; cp /tmp/d /backup/work/set/postgres/apprun.dump",
        ),
        undo,
        /a dump is not what the manifest says: \S*apprun\.dump/,
      );
      await refused(
        forge(`sed -i '/"public.big"/,/}/s/"rows": *[0-9]*/"rows": 1/' /backup/work/set/manifest.json`),
        undo,
        /database apprun: rows or checksums differ from the manifest/,
      );
      await refused(forge("rm /backup/work/set/manifest.json"), undo, /the set has no manifest/);
    });

    it("of another stack alone", () =>
      refused(
        `for id in $(${RESTIC} snapshots --json --tag complete | grep -o '"id":"[0-9a-f]*"' | cut -d'"' -f4); do ${RESTIC} rewrite --new-host apprun/pr-1 --forget "$id"; done`,
        `for id in $(${RESTIC} snapshots --json | grep -o '"id":"[0-9a-f]*"' | cut -d'"' -f4); do ${RESTIC} rewrite --new-host apprun/${STACK} --forget "$id"; done`,
        /the repository has no set of apprun\/pr-643; it has sets of apprun\/pr-1/,
      ));

    it("of data that other keys encrypted", () =>
      refused(
        'cp /run/secrets/key-fingerprints.json /tmp/keys && sed -i \'s/"kratos-cipher":"./&0/\' /run/secrets/key-fingerprints.json && ! cmp -s /tmp/keys /run/secrets/key-fingerprints.json',
        "cat /tmp/keys >/run/secrets/key-fingerprints.json",
        /the set's data is encrypted with other keys than this stack has: kratos-cipher/,
      ));

    it("of a newer schema", async () => {
      const newest = await stack.sql(
        "delete from schema_migration where version = (select max(version) from schema_migration) returning version",
        "kratos",
      );
      try {
        await refused("true", "true", new RegExp(`the set has schema ${newest} of kratos`));
      } finally {
        await stack.sql(`insert into schema_migration (version) values ('${newest}')`, "kratos");
      }
    });

    it("of a repository that is gone", () =>
      refused(
        "mv /backup/repository /backup/elsewhere",
        "mv /backup/elsewhere /backup/repository",
        /the local repository is not there/,
      ));

    it("of a repository with another password, for a backup too", async () => {
      const plant = "cp /run/secrets/backup-password /tmp/password && echo other >/run/secrets/backup-password";
      const undo = "cat /tmp/password >/run/secrets/backup-password";
      await refused(plant, undo, /the local repository has another password/);
      await refused(plant, undo, /the local repository has another password/, ["backup"]);
    });

    it("and one into a full repository fails, shows as a metric, and costs no older set", async () => {
      const before = await stack.sets();
      await refused(
        `mv /backup/repository /backup/elsewhere && cp -a /backup/elsewhere /dev/shm/repository && ln -s /dev/shm/repository /backup/repository && ! dd if=/dev/zero of=/dev/shm/rest bs=64k 2>/dev/null`,
        "rm -rf /backup/repository /dev/shm/repository /dev/shm/rest && mv /backup/elsewhere /backup/repository",
        /failed: (restic could not write the set to the local repository|the local repository)/,
        ["backup"],
      );
      expect(await stack.inBackup("grep 'success{task=\"backup\"}' /backup-metrics/backup.prom")).toContain(" 0");
      expect(await stack.sets()).toEqual(before);
      await stack.ok(["backup"]);
    });
  },
);
