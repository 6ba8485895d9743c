import { describe, expect, it } from "vitest";
import { circleFrom, startOrder, type Connecting } from "../../../components/stack/own-services-order.ts";

const services = (graph: Readonly<Record<string, string[]>>): Connecting[] =>
  Object.entries(graph).map(([name, connectsTo]) => [name, { connectsTo }]);

describe("own services start", () => {
  it.each<[Record<string, string[]>, string[]]>([
    [{}, []],
    [{ a: [], b: [] }, ["a", "b"]],
    [{ a: ["b", "cache"], b: ["c"], c: [] }, ["c", "b", "a"]],
    [{ a: ["b"], b: ["a"] }, ["b", "a"]],
  ])("in the order of %j", (graph, order) => {
    expect(startOrder(services(graph)).map(([name]) => name)).toEqual(order);
  });

  it("not in a circle", () => {
    const graph = services({ a: ["b"], b: ["c"], c: ["b", "d"], d: [] });
    expect(circleFrom("b", graph)).toEqual(["b", "c", "b"]);
    expect(circleFrom("a", graph)).toBeUndefined();
    expect(circleFrom("d", graph)).toBeUndefined();
  });
});
