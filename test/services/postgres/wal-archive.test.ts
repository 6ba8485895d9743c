import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

const script = (path: string) => fileURLToPath(new URL(`../../../components/services/${path}`, import.meta.url));
const SEGMENT = "000000010000000000000003";

/** A server's directory with one segment, an archive, and a pg_controldata that tells one identifier. */
function server(system = "7001") {
  const root = mkdtempSync(join(tmpdir(), "wal-"));
  const [data, archive, bin] = ["data", "archive", "bin"].map((name) => join(root, name)) as [string, string, string];
  for (const path of [data, archive, bin]) mkdirSync(path);
  const identify = (id: string) => {
    writeFileSync(
      join(bin, "pg_controldata"),
      `#!/bin/sh\necho "pg_control version number:            1700"\necho "Database system identifier:           ${id}"\n`,
      {
        mode: 0o755,
      },
    );
  };
  identify(system);
  const write = (content: string) => {
    writeFileSync(join(data, SEGMENT), content);
  };
  const put = () =>
    spawnSync("sh", [script("postgres/scripts/archive-wal.sh"), SEGMENT, SEGMENT, archive], {
      cwd: data,
      env: { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}` },
      encoding: "utf8",
    });
  return {
    archive,
    write,
    put,
    identify,
    stored: (id = system) => gunzipSync(readFileSync(join(archive, id, `${SEGMENT}.gz`))).toString(),
  };
}

describe("a segment", () => {
  it("is in the archive whole, with nothing beside it, once PostgreSQL is told so", () => {
    const { archive, write, put, stored } = server();
    write("log");
    expect(put().status).toBe(0);
    expect(stored()).toBe("log");
    expect(readdirSync(join(archive, "7001"))).toEqual([`${SEGMENT}.gz`]);
  });

  it("takes the place of what an interrupted copy left", () => {
    const { archive, write, put, stored } = server();
    mkdirSync(join(archive, "7001"));
    writeFileSync(join(archive, "7001", `${SEGMENT}.gz.part`), "half of something longer");
    write("log");
    expect(put().status).toBe(0);
    expect(stored()).toBe("log");
    expect(existsSync(join(archive, "7001", `${SEGMENT}.gz.part`))).toBe(false);
  });

  it("may come twice, because a crash makes PostgreSQL ask again", () => {
    const { write, put, stored } = server();
    write("log");
    put();
    expect(put().status).toBe(0);
    expect(stored()).toBe("log");
  });

  it("never takes the place of another of its name", () => {
    const { write, put, stored } = server();
    write("log");
    put();
    write("another log");
    expect(put()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`the archive has another ${SEGMENT}`) as string,
    });
    expect(stored()).toBe("log");
  });

  it("of a cluster that was made again is beside those of the old one", () => {
    const { write, put, stored, identify } = server();
    write("log");
    put();
    identify("7002");
    write("another log");
    expect(put().status).toBe(0);
    expect([stored(), stored("7002")]).toEqual(["log", "another log"]);
  });

  it("is not archived where the archive cannot be written", () => {
    const { archive, write, put } = server();
    write("log");
    writeFileSync(join(archive, "7001"), "no directory");
    expect(put().status).not.toBe(0);
  });
});

describe("a recovery that asks for a segment", () => {
  const ask = (archives: Record<string, Buffer | undefined>) => {
    const root = mkdtempSync(join(tmpdir(), "fetch-"));
    for (const [name, content] of Object.entries(archives)) {
      mkdirSync(join(root, name));
      if (content !== undefined) writeFileSync(join(root, name, `${SEGMENT}.gz`), content);
    }
    const target = join(root, "RECOVERYXLOG");
    const { status } = spawnSync("sh", [
      script("backup/scripts/fetch-wal.sh"),
      SEGMENT,
      target,
      root,
      ...Object.keys(archives).map((name) => join(root, name)),
    ]);
    const note = (name: string) => (existsSync(join(root, name)) ? readFileSync(join(root, name), "utf8") : "");
    return {
      status,
      content: status === 0 ? readFileSync(target, "utf8") : "",
      missing: note("missing"),
      damaged: note("damaged"),
    };
  };
  const whole = gzipSync("log");
  const broken = gzipSync("log").fill(0, 12, 16);

  it.each([
    [
      "takes it from the first archive",
      { own: whole, fetched: gzipSync("other") },
      { status: 0, content: "log", missing: "", damaged: "" },
    ],
    [
      "takes it from the next where the first has none",
      { own: undefined, fetched: whole },
      { status: 0, content: "log", missing: "", damaged: "" },
    ],
    [
      "takes it from the next where it is damaged",
      { own: broken, fetched: whole },
      { status: 0, content: "log", missing: "", damaged: `${SEGMENT}\n` },
    ],
    [
      "notes what none has",
      { own: undefined, fetched: undefined },
      { status: 1, content: "", missing: `${SEGMENT}\n`, damaged: "" },
    ],
    [
      "notes what is damaged everywhere",
      { own: broken },
      { status: 1, content: "", missing: `${SEGMENT}\n`, damaged: `${SEGMENT}\n` },
    ],
  ])("%s", (_, archives, outcome) => {
    expect(ask(archives)).toEqual(outcome);
  });
});
