import { describe, expect, it } from "vitest";
import { edgeOrphansOf, type EdgeKind, type EdgeObject } from "../../../cli/ci/edge-orphans.ts";

const object = (kind: EdgeKind, mark: string, name = mark): EdgeObject => ({ kind, id: `${kind} ${mark}`, name, mark });
const record = (mark: string, host = "pr-7.example.com") => object("DNS record", mark, host);
const stacksOf = (objects: readonly EdgeObject[], open: readonly number[] = [], stacks: readonly string[] = []) =>
  edgeOrphansOf(objects, { project: "apprun", open, stacks }).map(({ stack }) => stack);

describe("what a stack left at Cloudflare", () => {
  it.each<[string, EdgeObject]>([
    ["a record by its comment", record("apprun-pr-7-edge")],
    ["an Access application", object("Access application", "apprun-pr-7-edge grafana")],
    ["an Access policy", object("Access policy", "apprun-pr-7-edge preview machines")],
    ["a service token", object("Access service token", "apprun-pr-7-edge preview CI")],
    ["a tunnel", object("tunnel", "apprun-pr-7-edge")],
  ])("is %s", (_, left) => {
    expect(stacksOf([left])).toEqual(["pr-7"]);
  });

  it.each<[string, EdgeObject]>([
    ["a record without a comment, whatever its host is called", record("")],
    ["a record whose comment only mentions the stack", record("for apprun-pr-7-edge")],
    ["a record whose comment goes on", record("apprun-pr-7-edge and others")],
    ["another project's", record("other-pr-7-edge")],
    ["another project's whose name ends like this one's", record("my-apprun-pr-7-edge")],
    ["what another program calls nearly so", object("tunnel", "apprun-pr-7-edges")],
    ["another thing of the stack", record("apprun-pr-7-proxy")],
    ["an application with the mark and no name", object("Access application", "apprun-pr-7-edge")],
    ["an application whose first word goes on", object("Access application", "apprun-pr-7-edge-2 grafana")],
    ["a stack that is no pull request's", record("apprun-prod-edge", "example.com")],
    ["a number that no stack has", record("apprun-pr-07-edge")],
    ["a number above the last", record("apprun-pr-10000-edge")],
  ])("is not %s", (_, other) => {
    expect(stacksOf([other])).toEqual([]);
  });

  it("stays while its pull request is open, and while its stack is there", () => {
    const objects = ["pr-7", "pr-8", "pr-9"].map((stack) => record(`apprun-${stack}-edge`));
    expect(stacksOf(objects, [7], ["dev", "pr-8"])).toEqual(["pr-9"]);
  });

  it("goes in the order in which nothing is left unguarded", () => {
    const kinds: readonly EdgeKind[] = [
      "tunnel",
      "Access service token",
      "Access application",
      "DNS record",
      "Access policy",
    ];
    const objects = kinds.map((kind) =>
      object(kind, kind.startsWith("Access") ? "apprun-pr-7-edge it" : "apprun-pr-7-edge"),
    );
    expect(edgeOrphansOf(objects, { project: "apprun", open: [], stacks: [] }).map(({ kind }) => kind)).toEqual([
      "DNS record",
      "Access application",
      "Access policy",
      "Access service token",
      "tunnel",
    ]);
  });
});
