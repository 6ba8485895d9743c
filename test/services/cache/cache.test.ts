import { expect, it } from "vitest";
import { configuration } from "../../../components/services/cache/cache.ts";

it("the cache appends to a file, keeps to its memory and reads its password from a file of its own", () => {
  expect(configuration({ maxMemory: "512Mi", policy: "allkeys-lru", directory: "/data" }).split("\n")).toEqual([
    "bind * -::*",
    "port 6379",
    "protected-mode yes",
    "dir /data",
    "appendonly yes",
    "appendfsync everysec",
    "maxmemory 512mb",
    "maxmemory-policy allkeys-lru",
    "include /run/secrets/cache-auth.conf",
    "",
  ]);
});
