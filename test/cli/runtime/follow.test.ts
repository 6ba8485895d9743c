import { expect, it } from "vitest";
import { followLines, type ReplicaLine } from "../../../cli/runtime/follow.ts";
import type { LogRequest, Operations, Replica } from "../../../cli/runtime/operations.ts";
import type { InventoryWorkload } from "../../../components/model/inventory.ts";

const CACHE = { name: "cache" } as InventoryWorkload;

it("reads a replica that began again on after its last line, and a new one from its first", async () => {
  const requests: (Partial<LogRequest> & { readonly replica: string })[] = [];
  const [first, later] = ["2026-11-21T02:30:00.123456789Z", "2026-11-21T02:30:00.123456790Z"];
  const looks: readonly (readonly string[])[] = [["a 1"], ["a 1"], ["a 2", "b 1"]];
  let look = 0;
  const interrupted = new AbortController();
  const operations = {
    replicas: (): Promise<readonly Replica[]> => {
      const there = looks[Math.min(look++, looks.length - 1)] ?? [];
      if (look === looks.length + 1) interrupted.abort();
      return Promise.resolve(
        there.map((each) => {
          const [name = "", start = ""] = each.split(" ");
          return { service: "cache", name, start, running: true };
        }),
      );
    },
    readLog: ({ name, start }: Replica, { since, tail }: LogRequest, take: (line: ReplicaLine) => void) => {
      requests.push({ replica: `${name} ${start}`, since, tail });
      // The runtime is asked to the millisecond, and so repeats the last line.
      for (const time of start === "1" ? [first] : [first, later]) take({ time, text: start } as ReplicaLine);
      return Promise.resolve();
    },
  } as unknown as Operations;
  const taken: string[] = [];
  await followLines(
    operations,
    [CACHE],
    { tail: 5, signal: interrupted.signal },
    ({ replica, time, text }) => taken.push(`${replica.name} ${text} ${time}`),
    (text) => taken.push(text),
  );
  expect(requests).toEqual([
    { replica: "a 1", since: undefined, tail: 5 },
    { replica: "a 2", since: new Date(first), tail: undefined },
    { replica: "b 1", since: undefined, tail: undefined },
  ]);
  expect(taken).toEqual([`a 1 ${first}`, `a 2 ${later}`, `b 1 ${first}`]);
});
