import { describe, expect, it } from "vitest";
import { illegalStep, refuseIllegalSteps } from "../../../cli/engine/version-steps.ts";
import { stackOf } from "../../support/record/stacks.ts";

const ANY = { eachMinor: false, reason: "it does not go back" };
const EACH = { eachMinor: true, reason: "one at a time" };

it.each<[string, typeof ANY, string, string, string | undefined]>([
  ["the same version", EACH, "1.30.4", "1.30.4", undefined],
  ["another patch", EACH, "1.30.4", "1.30.9", undefined],
  ["the next minor", EACH, "1.30.4", "1.31.0", undefined],
  [
    "two minors at once",
    EACH,
    "1.30.4",
    "1.32.0",
    "a version of 1.30 or 1.31, one minor version at a time: one at a time",
  ],
  ["another major", EACH, "1.30.4", "2.0.0", "a version of 1.30 or 1.31, one minor version at a time: one at a time"],
  ["an older patch", EACH, "1.30.4", "1.30.3", "1.30.4 or newer: one at a time"],
  ["several minors where that is allowed", ANY, "v1.1.0", "v1.3.1", undefined],
  ["from semantic to calendar versions", ANY, "v1.3.1", "v25.4.0", undefined],
  ["back from calendar versions", ANY, "v25.4.0", "v1.3.1", "v25.4.0 or newer: it does not go back"],
  ["a variant of the same version", ANY, "v1.3.1", "v1.3.1-distroless", undefined],
  ["a tag that names no version", EACH, "1.30.4", "nightly", undefined],
])("%s", (_what, rule, from, to, expected) => {
  expect(illegalStep(rule, from, to)).toBe(expected);
});

describe("settings that ask for versions which the data cannot go to", () => {
  const IMAGE = "docker:index/remoteImage:RemoteImage";
  const image = (name: string, reference: string) => ({
    type: IMAGE,
    urn: `urn:pulumi:dev::apprun::x$${IMAGE}::image-${name}`,
    inputs: { name: reference },
  });

  it("are refused by name on a Docker host, all at once", async () => {
    const recording = await stackOf({ images: { pins: { kratos: { tag: "v1.2.0" }, temporal: { tag: "1.32.0" } } } });
    const state = {
      resources: [
        image("kratos", "oryd/kratos:v1.3.1"),
        image("temporal", "temporalio/server:1.30.4"),
        image("temporalAdminTools", "t/a:1.30.4"),
      ],
    };
    expect(() => {
      refuseIllegalSteps({ stack: "dev", recording }, state);
    }).toThrow(
      "stack dev: versions that the data cannot go to; nothing was changed:\n" +
        "  images.pins.kratos.tag: got v1.2.0 and v1.3.1 runs; allowed: v1.3.1 or newer: a migrated schema does not go back; change the pin\n" +
        "  images.pins.temporal.tag: got 1.32.0 and 1.30.4 runs; allowed: a version of 1.30 or 1.31, one minor version at a time: Temporal keeps data compatible between one minor version and the next only; change the pin",
    );
  });

  it("are refused on Kubernetes, where the state has the pods", async () => {
    const recording = await stackOf({ platform: "kubernetes", images: { pins: { kratos: { tag: "v1.2.0" } } } });
    const type = "kubernetes:apps/v1:Deployment";
    const kratos = {
      type,
      urn: `urn:pulumi:dev::apprun::x$${type}::kratos`,
      inputs: { spec: { template: { spec: { containers: [{ image: "oryd/kratos:v1.3.1" }] } } } },
    };
    expect(() => {
      refuseIllegalSteps({ stack: "dev", recording }, { resources: [kratos] });
    }).toThrow("images.pins.kratos.tag: got v1.2.0 and v1.3.1 runs");
  });

  it("are taken where nothing runs yet", async () => {
    const recording = await stackOf({ images: { pins: { temporal: { tag: "1.32.0" } } } });
    refuseIllegalSteps({ stack: "dev", recording }, { resources: [] });
  });
});
