import { describe, expect, it } from "vitest";
import { refuseDroppedData } from "../../../cli/runtime/data-guard.ts";
import { majorsInState, upgradeStep } from "../../../cli/engine/postgres-major.ts";
import type { Project } from "../../../cli/kit/project.ts";
import { settingsOf } from "../../support/record/stacks.ts";

const urn = (type: string, name: string) => `urn:pulumi:dev::apprun::apprun:stack:Stack$${type}::${name}`;
const VOLUME = "docker:index/volume:Volume";
const CONTAINER = "docker:index/container:Container";

/** A state with volumes of these majors, and a server on one of them or none. */
function stateOf(majors: readonly string[], server?: string) {
  return {
    resources: [
      ...majors.map((major) => ({ type: VOLUME, urn: urn(VOLUME, `postgres-${major}`), protect: true })),
      ...(server === undefined
        ? []
        : [
            {
              type: CONTAINER,
              urn: urn(CONTAINER, "postgres"),
              inputs: { name: "apprun-dev-postgres", volumes: [{ volumeName: `apprun-dev-postgres-${server}` }] },
            },
          ]),
    ],
  };
}

const IMAGE = "docker:index/remoteImage:RemoteImage";

const withImage = ({ resources }: ReturnType<typeof stateOf>, tag: string) => ({
  resources: [...resources, { type: IMAGE, urn: urn(IMAGE, "image-postgres"), inputs: { name: `postgres:${tag}` } }],
});

const projectOf = (tag: string, upgradeFrom?: number) => ({
  stack: "dev",
  settings: settingsOf({
    images: { pins: { postgres: { tag } } },
    ...(upgradeFrom !== undefined && { postgres: { upgradeFrom }, host: { disk: "40Gi" } }),
  }),
});

describe("the step from the PostgreSQL that is there to the one that is asked for", () => {
  it.each<[string, string, number | undefined, string[], string | undefined, { from: string; to: string } | undefined]>(
    [
      ["a new stack", "17-alpine", undefined, [], undefined, undefined],
      ["the same major", "17.9", undefined, ["17"], "17", undefined],
      ["an upgrade that is asked for", "17-alpine", 15, ["15"], "15", { from: "15", to: "17" }],
      ["one whose new volume is there already", "17-alpine", 15, ["15", "17"], "15", { from: "15", to: "17" }],
      ["one that is done", "17-alpine", 15, ["15", "17"], "17", undefined],
    ],
  )("%s", (_what, tag, upgradeFrom, majors, server, expected) => {
    expect(upgradeStep(projectOf(tag, upgradeFrom), stateOf(majors, server))).toEqual(expected);
  });

  it.each<[string, string, number | undefined, string[], string | undefined, string]>([
    [
      "a newer major without a word",
      "17-alpine",
      undefined,
      ["15"],
      "15",
      "the settings ask for PostgreSQL 17 and the data is of 15; allowed: an upgrade that is asked for: the services cannot write while it runs, and the old volume stays; nothing was changed: set apprun:postgres.upgradeFrom to 15 and run: npm run up",
    ],
    [
      "an upgrade from another major",
      "18-alpine",
      16,
      ["15"],
      "15",
      "the settings ask for PostgreSQL 18 and the data is of 15; allowed: an upgrade that is asked for: the services cannot write while it runs, and the old volume stays; nothing was changed: set apprun:postgres.upgradeFrom to 15 and run: npm run up",
    ],
    [
      "an older major",
      "15-alpine",
      undefined,
      ["17"],
      "17",
      "the settings ask for PostgreSQL 15 and the data is of 17; allowed: 17 or newer: no server reads or loads the data of a newer one; nothing was changed: set images.pins.postgres.tag to 17; a backup set of the time before the upgrade restores into a stack of its own",
    ],
    [
      "an older major whose volume is still there",
      "15-alpine",
      undefined,
      ["15", "17"],
      "17",
      "the settings ask for PostgreSQL 15 and the data is of 17; allowed: 17 or newer: no server reads or loads the data of a newer one; nothing was changed: set images.pins.postgres.tag to 17; a backup set of the time before the upgrade restores into a stack of its own",
    ],
    [
      "an upgrade of nothing",
      "17-alpine",
      15,
      [],
      undefined,
      "postgres.upgradeFrom: got 15 and there is no data of any version; allowed: nothing for a new stack; nothing was changed: remove apprun:postgres.upgradeFrom",
    ],
  ])("refuses %s", (_what, tag, upgradeFrom, majors, server, message) => {
    expect(() => upgradeStep(projectOf(tag, upgradeFrom), stateOf(majors, server))).toThrow(`stack dev: ${message}`);
  });

  it.each([
    ["17-alpine", "17", "glibc", "17-alpine", "musl", "17-alpine"],
    ["17.9-alpine3.22", "17-bookworm", "glibc", "17.9-alpine3.22", "musl", "17-alpine"],
    ["17", "17-alpine", "musl", "17", "glibc", "17"],
    ["17.9@sha256:a1p", "17.9-alpine", "musl", "17.9", "glibc", "17"],
  ])("refuses %s to %s, whose C library sorts otherwise", (deployed, tag, library, before, sorted, allowed) => {
    expect(() => upgradeStep(projectOf(tag), withImage(stateOf(["17"], "17"), deployed))).toThrow(
      `stack dev: the settings ask for PostgreSQL's image ${tag}, which sorts texts by ${library}, and the data is of ${before}, which sorts by ${sorted}; allowed: an image that sorts as the data was: ${allowed}; with another one rows are not found and unique values come twice; nothing was changed: set images.pins.postgres.tag back, or bring up a second stack with ${tag} and restore a backup set there: npm run restore -- --stack OTHER --from dev`,
    );
  });

  it("takes another version with the same C library, and another library with an upgrade", () => {
    expect(upgradeStep(projectOf("17.9-alpine"), withImage(stateOf(["17"], "17"), "17-alpine"))).toBeUndefined();
    expect(upgradeStep(projectOf("17", 15), withImage(stateOf(["15"], "15"), "15-alpine"))).toEqual({
      from: "15",
      to: "17",
    });
  });

  it("is refused on Kubernetes", () => {
    const claim = "kubernetes:core/v1:PersistentVolumeClaim";
    const settings = settingsOf({ platform: "kubernetes", images: { pins: { postgres: { tag: "18-alpine" } } } });
    const state = { resources: [{ type: claim, urn: urn(claim, "postgres-17"), protect: true }] };
    expect(() => upgradeStep({ stack: "dev", settings }, state)).toThrow(
      "the settings ask for PostgreSQL 18 and the data is of 17; allowed: 17 on platform kubernetes, where no server in a container is upgraded in place",
    );
  });

  it("does not concern a managed server", () => {
    const settings = { ...settingsOf({}), postgres: { ...settingsOf({}).postgres, mode: "external" as const } };
    expect(upgradeStep({ stack: "dev", settings }, stateOf(["15"], "15"))).toBeUndefined();
  });
});

it("without a server the newest volume counts as the one in use", () => {
  expect(majorsInState(stateOf(["15", "17"])).inUse).toBe("17");
});

describe("a volume that an upgrade left", () => {
  const project = { stack: "dev", recording: { resources: [] } } as unknown as Project;
  const { resources } = stateOf(["15"]);

  it("is not dropped in silence, and the way to let go of it is named", () => {
    expect(() => {
      refuseDroppedData(project, { resources });
    }).toThrow(/would drop what holds data or belongs to it: postgres-15; [\s\S]*npm run up -- --remove-old$/);
  });

  it("is its archive too, and its replica's copy", () => {
    const archive = { type: VOLUME, urn: urn(VOLUME, "postgres-15-wal"), protect: true };
    expect(() => {
      refuseDroppedData(project, { resources: [archive] });
    }).toThrow(/: postgres-15-wal; [\s\S]*npm run up -- --remove-old$/);
    const copy = { type: VOLUME, urn: urn(VOLUME, "postgres-15-replica"), protect: true };
    const { volumes, beside } = majorsInState({ resources: [...resources, archive, copy] });
    expect([[...volumes.keys()], [...beside.entries()]]).toEqual([["15"], [["15", [archive, copy]]]]);
  });

  it("may go once the operator let go of it", () => {
    expect(() => {
      refuseDroppedData(project, { resources }, [urn(VOLUME, "postgres-15")]);
    }).not.toThrow();
  });
});
