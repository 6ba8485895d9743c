import { describe, expect, it } from "vitest";
import { picture, type Progress } from "../../../cli/kit/progress-view.ts";

const PROGRESS: Progress = {
  rows: [
    { service: "postgres", state: "healthy", since: 1000, took: 6000, waitingFor: [] },
    { service: "kratos", state: "starting", since: 8000, waitingFor: [] },
    { service: "apprun", state: "waiting", waitingFor: ["kratos", "temporal"] },
    { service: "cache", state: "unchanged", waitingFor: [] },
    { service: "grafana", state: "failed", since: 2000, took: 9000, waitingFor: [] },
  ],
  others: ["image-apprun"],
};

describe("the picture of an update", () => {
  it("has a line a service and a sum", () => {
    expect(picture(PROGRESS, 11_400, { columns: 80, rows: 20, coloured: false })).toEqual([
      "✓ postgres  healthy 6 s",
      "… kratos    starting 3 s",
      "  apprun    waiting for kratos, temporal",
      "✓ cache     unchanged",
      "✗ grafana   failed 9 s",
      "2 of 5 ready · 1 failed · 11 s · making image-apprun",
    ]);
  });

  it("is as wide as the terminal", () => {
    const lines = picture(PROGRESS, 0, { columns: 20, rows: 20, coloured: false });
    expect(Math.max(...lines.map((line) => line.length))).toBe(20);
  });

  it("shows what is not over where the terminal has no room for all", () => {
    expect(picture(PROGRESS, 11_400, { columns: 80, rows: 3, coloured: false })).toEqual([
      "… kratos    starting 3 s",
      "  apprun    waiting for kratos, temporal",
      "2 of 5 ready · 1 failed · 11 s · making image-apprun",
    ]);
  });

  it("has colours only where they are wanted", () => {
    const text = (coloured: boolean) => picture(PROGRESS, 0, { columns: 80, rows: 20, coloured }).join("");
    expect(text(false)).not.toContain("\u001b[");
    expect(text(true)).toContain("\u001b[31m✗ grafana");
  });
});
