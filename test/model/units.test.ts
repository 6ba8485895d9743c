import { describe, expect, it } from "vitest";
import {
  formatMebibytes,
  formatMillicores,
  mebibytes,
  millicores,
  seconds,
  type Bytes,
  type Cpu,
  type Duration,
} from "../../components/model/units.ts";

describe("units", () => {
  it.each<[Bytes, number]>([
    ["512Mi", 512],
    ["2Gi", 2048],
    ["1.5Gi", 1536],
  ])("%s is %i MiB", (amount, expected) => {
    expect(mebibytes(amount)).toBe(expected);
  });

  it.each<[Cpu, number]>([
    ["500m", 500],
    ["1.5", 1500],
    ["2", 2000],
  ])("%s is %i thousandths of a core", (cpu, expected) => {
    expect(millicores(cpu)).toBe(expected);
  });

  it.each<[Duration, number]>([
    ["30s", 30],
    ["5m", 300],
    ["72h", 259_200],
    ["30d", 2_592_000],
  ])("%s is %i seconds", (duration, expected) => {
    expect(seconds(duration)).toBe(expected);
  });

  it("are written as people write them", () => {
    expect([300, 1024, 1536, 2176].map(formatMebibytes)).toEqual(["300Mi", "1Gi", "1.5Gi", "2.13Gi"]);
    expect([250, 1500, 2000].map(formatMillicores)).toEqual(["0.25", "1.5", "2"]);
  });
});
