import { describe, expect, it } from "vitest";
import type { Cpu, Duration } from "../../../components/model/units.ts";
import { canonicalCpus, canonicalDuration } from "../../../components/platform/docker/canonical.ts";
import { healthcheck } from "../../../components/platform/docker/healthcheck.ts";
import { publishedPorts } from "../../../components/platform/docker/ports.ts";
import { checkReplicas, replicaNames } from "../../../components/platform/docker/replicas.ts";
import { selectImage } from "../../../components/services/catalogue.ts";
import type { AnyWorkloadSpec } from "../../../components/model/workload.ts";
import { appSpec } from "../../support/record/specs.ts";

describe("values are written as the provider reads them back", () => {
  it.each<[Cpu, string]>([
    ["1", "1.0"],
    ["250m", "0.25"],
    ["1500m", "1.5"],
    ["2000m", "2.0"],
  ])("%s is %s", (cpu, expected) => {
    expect(canonicalCpus(cpu)).toBe(expected);
  });
  it.each<[Duration, string]>([
    ["30s", "30s"],
    ["60s", "1m0s"],
    ["90s", "1m30s"],
    ["1h", "1h0m0s"],
  ])("%s is %s", (duration, expected) => {
    expect(canonicalDuration(duration)).toBe(expected);
  });
});

describe("a health check", () => {
  it("uses the tool that the image has", () => {
    expect(healthcheck("auth", appSpec({ image: selectImage("kratos") })).tests).toEqual([
      "CMD",
      "wget",
      "-q",
      "-O",
      "/dev/null",
      "http://127.0.0.1:8080/health",
    ]);
  });
  it("is refused for an image without one", () => {
    expect(() => healthcheck("db", appSpec({ image: selectImage("postgres") }))).toThrow(
      'workload "db": an HTTP probe needs a tool, and image "postgres" has none; allowed: images with curl or wget; give the workload an exec probe with a command of its own image, or name the tool in the image catalogue',
    );
  });
  it("is refused on a port that the workload does not have", () => {
    expect(() => healthcheck("app", appSpec({ probe: { kind: "http", port: "admin", path: "/" } }))).toThrow(
      'workload "app": the probe asks port "admin"; allowed: http; name one of its ports',
    );
  });
});

describe("ports", () => {
  it("are published by their exposure only", () => {
    const spec = {
      ports: {
        a: { port: 8000, exposure: "public", hostPort: 80 },
        b: { port: 8001, exposure: "loopback" },
        c: { port: 8002, exposure: "proxied" },
        d: { port: 8003, exposure: "internal" },
        e: { port: 8004, exposure: "loopback", hostPort: 8001, protocol: "udp" },
      },
    } as unknown as AnyWorkloadSpec;
    expect(publishedPorts(spec)).toEqual([
      { internal: 8000, external: 80, ip: "0.0.0.0", protocol: "tcp" },
      { internal: 8001, external: 8001, ip: "127.0.0.1", protocol: "tcp" },
      { internal: 8004, external: 8001, ip: "127.0.0.1", protocol: "udp" },
    ]);
  });

  it("of the data tier cannot be public or proxied: neither compiles", () => {
    const dataPorts: Extract<AnyWorkloadSpec, { tier: "data" }>["ports"] = {
      internal: { port: 5432, exposure: "internal" },
      // @ts-expect-error a data-tier port is never public
      open: { port: 5432, exposure: "public" },
      // @ts-expect-error a data-tier port is never behind the proxy
      routed: { port: 5432, exposure: "proxied" },
    };
    expect(Object.keys(dataPorts)).toHaveLength(3);
  });
});

describe("replicas", () => {
  it("are numbered only when there are several", () => {
    expect(replicaNames("app", 1)).toEqual(["app"]);
    expect(replicaNames("app", 3)).toEqual(["app-1", "app-2", "app-3"]);
  });
  it("above 1 are for the app tier behind the proxy", () => {
    checkReplicas("app", appSpec({ replicas: 3 }));
    const data = { ...appSpec({ replicas: 2 }), tier: "data", ports: {} } as AnyWorkloadSpec;
    expect(() => {
      checkReplicas("postgres", data);
    }).toThrow(
      'workload "postgres": got 2 replicas; allowed: 1 of everything on a Docker host, except a fixed number of the app tier behind the proxy; set its replicas to 1 in this stack or deploy it to Kubernetes',
    );
  });
});
