import { describe, expect, it } from "vitest";
import type { Bucket } from "../../../../cli/backup/bucket/bucket.ts";
import { StateCopies } from "../../../../cli/backup/bucket/copies.ts";
import type { StateCopy } from "../../../../cli/backup/bucket/sealed.ts";

const copyOf = (at: string): StateCopy => ({
  format: 1,
  project: "apprun",
  stack: "prod",
  at,
  host: "one",
  files: { "Pulumi.prod.yaml": "encryptionsalt: v1:salt\n" },
  exported: { deployment: { resources: [{ urn: "urn:of-a-resource" }] } },
});

/** A bucket in memory. */
function memory(objects: Map<string, Uint8Array>): Bucket {
  return {
    list: (prefix) => Promise.resolve([...objects.keys()].filter((key) => key.startsWith(prefix)).sort()),
    get: (key) => Promise.resolve(objects.get(key) ?? new Uint8Array()),
    put: (key, content) => Promise.resolve(void objects.set(key, content)),
    remove: (keys) => {
      for (const key of keys) objects.delete(key);
      return Promise.resolve();
    },
    keepsOldVersions: () => Promise.resolve(false),
  };
}

describe("copies of the state in a bucket", () => {
  it("are beside the repository, come back whole, and show nothing of what is in them", async () => {
    const objects = new Map<string, Uint8Array>();
    const copies = new StateCopies(memory(objects), { prefix: "hosts/one", stack: "apprun/prod" });
    const copy = copyOf("2026-11-27T22:30:00.000Z");
    const key = await copies.put(copy, "the passphrase");
    expect(key).toBe("hosts/one/apprun/prod-state/2026-11-27T22:30:00.000Z.age");
    expect(await copies.newest("the passphrase")).toEqual(copy);
    const stored = Buffer.from(objects.get(key) ?? []).toString("latin1");
    expect(stored).toMatch(/^age-encryption\.org\/v1\n-> scrypt /);
    expect(stored).not.toMatch(/urn:of|encryptionsalt|the passphrase/);
  });

  it("are refused to another passphrase", async () => {
    const copies = new StateCopies(memory(new Map()), { stack: "apprun/prod" });
    await copies.put(copyOf("2026-11-27T22:30:00.000Z"), "the passphrase");
    await expect(copies.newest("another")).rejects.toThrow(
      /apprun\/prod-state\/\S+: the passphrase does not open it; allowed: .*; name that passphrase's file .*nothing was changed/,
    );
  });

  it("stay thirty; other stacks and the repository are left alone", async () => {
    const old = Array.from({ length: 32 }, (_, day) => `apprun/prod-state/2026-10-${String(day + 10)}.age`);
    const others = ["apprun/prod/config", "apprun/prod/snapshots/1", "apprun/staging-state/2026-01-01.age"];
    const objects = new Map([...old, ...others].map((key) => [key, new Uint8Array()]));
    const copies = new StateCopies(memory(objects), { stack: "apprun/prod" });
    const key = await copies.put(copyOf("2026-11-27T22:30:00.000Z"), "p");
    expect([...objects.keys()].sort()).toEqual([...old.slice(3), key, ...others].sort());
  });

  it("are none where nothing was put", async () => {
    expect(await new StateCopies(memory(new Map()), { stack: "apprun/prod" }).newest("p")).toBeUndefined();
  });
});
