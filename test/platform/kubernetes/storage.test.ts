import { expect, it } from "vitest";
import { volumeClaim } from "../../../components/platform/kubernetes/storage.ts";
import type { VolumeSpec } from "../../../components/model/volume.ts";
import { ON_CLUSTER } from "../../support/record/specs.ts";

const claim = (name: string, spec: VolumeSpec) => volumeClaim(ON_CLUSTER, name, spec);
const DATA = { size: "1Gi", retention: "data", backup: { leftOut: "a test" } } as const;

it("a volume that may be rebuilt takes the cluster's own class, which deletes it", () => {
  expect(claim("tmp", { size: "1Gi", retention: "cache" }).spec).not.toHaveProperty("storageClassName");
  expect(claim("disk", DATA).spec).toMatchObject({ storageClassName: "apprun-dev-data" });
});

it("the provider does not wait for a claim of data to become Pending, which one that is taken up never does", () => {
  expect(claim("disk", DATA).metadata).toMatchObject({
    annotations: { "pulumi.com/skipAwait": "true" },
  });
});
