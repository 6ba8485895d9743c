import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { plainEntryPoints, routersOf } from "../../../policies/read/traefik.ts";
import { container, resource } from "../describe-policy.ts";

const RULE = "Host(`example.com`)";
const content = stringify({ http: { routers: { app: { rule: RULE, entryPoints: ["web"], tls: null } } } });

describe("the routers of Traefik", () => {
  const found = (file: string, type = "docker:index/container:Container") =>
    routersOf([resource(type, "x", { uploads: [{ file, content }] })]);

  it("are read from its files", () => {
    expect(found("/etc/traefik/routes/app.yml")).toEqual([
      { name: "app", entryPoints: ["web"], rule: RULE, tls: false, redirects: false, endsInFront: false },
    ]);
    expect(found("/etc/traefik/app.yaml")).toHaveLength(1);
  });

  it("are in no other file, and in no other resource", () => {
    expect(found("/etc/traefik/app.yml.bak")).toEqual([]);
    expect(found("/etc/app.yml")).toEqual([]);
    expect(found("/etc/traefik/app.yml", "aws:ecs/task:Task")).toEqual([]);
  });

  it("are none in a file that cannot be read", () => {
    const broken = (text: string) =>
      routersOf([container({ uploads: [{ file: "/etc/traefik/app.yml", content: text }] })]);
    expect(broken("{")).toEqual([]);
    expect(broken("http: 5")).toEqual([]);
    expect(broken("http: { routers: { app: {} } }")).toEqual([
      { name: "app", entryPoints: [], rule: "", tls: false, redirects: false, endsInFront: false },
    ]);
  });
});

describe("the entry points that do not encrypt", () => {
  const proxy = (command: readonly string[], name = "proxy", changes: Record<string, unknown> = {}) =>
    container({ command, ports: [{ internal: 8000, external: 80, ip: "0.0.0.0" }], ...changes }, name);
  const WEB = "--entrypoints.web.address=:8000";
  const found = (...resources: Parameters<typeof plainEntryPoints>[0]) => [...plainEntryPoints(resources)];

  it.each<[readonly string[], readonly string[]]>([
    [[WEB], ["web"]],
    [[`${WEB}/tcp`], ["web"]],
    [[WEB, "--entrypoints.team.address=:8001"], ["web"]],
    [[`no${WEB}`], []],
    [[`${WEB}x`], []],
    [[`${WEB}/tcp/udp`], []],
    [[`${WEB}/%`], []],
    [["--log.level=info", "--entrypoints.team.address=:8001"], []],
    [[WEB, "--entrypoints.web.http.tls=true"], []],
    [[WEB, "--entrypoints.web.http.redirections.entrypoint.to=secure"], []],
  ])("%j", (command, names) => {
    expect(found(proxy(command))).toEqual(names);
  });

  it("are the proxy's", () => {
    expect(found(proxy([WEB], "app"))).toEqual([]);
    expect(found({ ...proxy([WEB]), type: "aws:ecs/task:Task" })).toEqual([]);
  });
});
