import { describe, expect, it } from "vitest";
import { temporalObservability } from "../../../components/services/temporal/observability.ts";

const alertsOf = (tag: string) =>
  temporalObservability({ store: "temporal", visibility: "temporal_visibility", tag }).sql?.alerts ?? [];

describe("the alert on the versions of Temporal's schemas", () => {
  it.each([
    ["1.30.4", "temporal_schema_version != 1018 or temporal_visibility_schema_version != 1013"],
    ["1.31.2", "temporal_schema_version != 1019 or temporal_visibility_schema_version != 1014"],
    ["1.32.0", "temporal_schema_version < 1018 or temporal_visibility_schema_version < 1013"],
    ["nightly", "temporal_schema_version < 1018 or temporal_visibility_schema_version < 1013"],
  ])("of %s is %s", (tag, expr) => {
    expect(alertsOf(tag)).toEqual([expect.objectContaining({ name: "TemporalSchemaMismatch", expr })]);
  });
});
