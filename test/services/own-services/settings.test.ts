import { describe, expect, it } from "vitest";
import { messageOf } from "../../support/record/settings.ts";

const IMAGE = { repository: "example/web", tag: "1.4.2", uid: 1000, gid: 1000, probeTool: "wget" };
const WEB = { image: IMAGE, port: 3000 };
const WORKER = { preset: "worker", command: ["worker"], probe: { command: ["/app/worker", "health"] } };
const CRON = { preset: "cron", schedule: "0 3 * * *", command: ["/app/cleanup"] };
const TEMPORAL = { temporal: { enabled: true } };

type Row = readonly [services: object, message: string, more?: object];

describe("bad settings of your own services are refused with what was given, what is allowed and what to do", () => {
  const rows: readonly Row[] = [
    [
      { Web: WEB },
      'services.Web: got a name of another form; allowed: names of at most 30 small letters, digits and hyphens such as "pdf-worker"; change it',
    ],
    [
      { grafana: WEB },
      'services.grafana: got a name that the platform uses; allowed: names that do not begin with "grafana"; choose another',
    ],
    [
      { "postgres-2a": WEB },
      'services.postgres-2a: got a name that the platform uses; allowed: names that do not begin with "postgres"; choose another',
    ],
    [
      { "web-2": WEB },
      "services.web-2: got a name that ends like a replica's; allowed: names without a number at their end; rename it",
    ],
    [
      { "web-migrate": WEB },
      "services.web-migrate: got a name that ends like a migration's; allowed: names without it; rename it",
    ],
    [
      { web: { port: 3000, image: { ...IMAGE, probeTool: undefined } } },
      "services.web.image: got neither probeTool nor probeCommand; allowed: one of them on a Docker host, which runs health checks inside the container; name what the image has",
    ],
    [
      { web: { image: IMAGE } },
      "services.web.probe: got neither a port nor a command; allowed: a command that tells whether the service works, or a port that answers over HTTP; set probe.command, or port",
    ],
    [
      { web: { ...WEB, probe: { command: ["true"], path: "/x" } } },
      "services.web.probe: got a path; allowed: nothing where a command tells whether it works; remove it",
    ],
    [
      { web: { image: IMAGE, probe: { command: ["true"] }, route: {} } },
      "services.web.port: got nothing; allowed: the port that its route leads to; set it",
    ],
    [
      { web: { preset: "frontend", image: IMAGE } },
      'services.web.route: got nothing; allowed: a route with the preset frontend; set it, such as { subdomain: "www" }',
    ],
    [
      { web: { ...WEB, route: {} } },
      "services.web.route: got dev.localhost/, where the page app is; allowed: a host and path that are free; set subdomain or path",
    ],
    [
      { web: { ...WEB, route: { subdomain: "auth" } } },
      "services.web.route: got auth.dev.localhost/, where the page auth is; allowed: a host and path that are free; set subdomain or path",
    ],
    [
      { web: { ...WEB, connectsTo: ["cahce"] } },
      'services.web.connectsTo: got "cahce"; allowed: apprun, cache, centrifugo, jaeger, kratos, nats, postgres, postgrest, temporal, web; did you mean "cache"?',
    ],
    [
      { web: { ...WEB, connectsTo: ["nats"] } },
      'services.web.connectsTo: got "nats", which is off; allowed: what is on; set apprun:nats.enabled to true, or remove it',
    ],
    [{ web: { ...WEB, connectsTo: ["web"] } }, 'services.web.connectsTo: got "web"; allowed: others; remove it'],
    [
      { web: { ...WEB, connectsTo: ["cleanup"] }, cleanup: CRON },
      'services.web.connectsTo: got "cleanup", which does not run all the time; allowed: services that do; remove it',
    ],
    [
      { web: { ...WEB, connectsTo: ["pdf"] }, pdf: { ...WEB, connectsTo: ["web"] } },
      "services.web.connectsTo: got a circle: web -> pdf -> web; allowed: services that start one after the other; remove one of the connections",
    ],
    [
      { web: { ...WEB, database: {} } },
      "services.web.database: got a map; allowed: nothing without postgres in connectsTo; remove it",
    ],
    [
      { public: { ...WEB, connectsTo: ["postgres"] } },
      'services.public: got the role "public" of PostgreSQL; allowed: a role that is free; rename the service',
    ],
    [
      { worker: { preset: "worker", command: ["worker"] } },
      "services.worker.probe: got neither a port nor a command; allowed: a command that tells whether the service works, or a port that answers over HTTP; set probe.command, or port",
      TEMPORAL,
    ],
    [
      { worker: { ...WORKER, drain: "60s" } },
      'services.worker.drain: got "60s"; allowed: less than stopGrace, 60s: what is not done by then is killed; lower it or raise stopGrace',
      TEMPORAL,
    ],
    [
      { worker: WORKER },
      'services.worker.connectsTo: got "temporal", which is off; allowed: what is on; set apprun:temporal.enabled to true, or remove it',
      { temporal: { enabled: false } },
    ],
    [
      { cleanup: { ...CRON, schedule: undefined, port: 80, image: IMAGE } },
      'services.cleanup.schedule: got nothing; allowed: when it runs, with the preset cron, such as "30 2 * * *"; set it',
    ],
    [
      { cleanup: { ...CRON, command: undefined } },
      "services.cleanup.command: got nothing; allowed: the whole command of a run, with schedule; set it",
    ],
    [
      { cleanup: { ...CRON, port: 3000 } },
      "services.cleanup.port: got a value; allowed: nothing with schedule: a run ends by itself; remove it",
    ],
    [
      { cleanup: { ...CRON, replicas: 2 } },
      "services.cleanup.replicas: got 2; allowed: 1 with schedule: runs do not overlap; remove it",
    ],
    [
      { web: { ...WEB, autoscaling: { maxReplicas: 3 } } },
      "services.web.autoscaling: got a map; allowed: nothing with platform docker, which runs a fixed number of replicas; remove it and set replicas",
    ],
    [
      { web: { ...WEB, replicas: 2, volumes: { files: { path: "/data", size: "1Gi" } } } },
      "services.web.volumes.files.shared: got false; allowed: true with 2 replicas: what alone writes to a volume runs once; set replicas to 1, or shared to true where the service can share it",
    ],
    [
      { web: { ...WEB, volumes: { a: { path: "/data/a", size: "1Gi" }, b: { path: "/data", size: "1Gi" } } } },
      'services.web.volumes.a.path: got "/data/a"; allowed: a path outside of that of b, /data; choose another',
    ],
    [
      { web: { ...WEB, volumes: { a: { path: "/data", size: "1Gi", retention: "cache", leftOut: "why" } } } },
      "services.web.volumes.a.leftOut: got a text; allowed: nothing with retention cache; remove it",
    ],
    [
      { web: { ...WEB, volumes: { a: { path: "/etc", size: "1Gi" } } } },
      'services.web.volumes.a.path: got "/etc"; allowed: an absolute path of the container such as "/var/lib/web", outside of what the system is in; change it',
    ],
    [
      { web: { ...WEB, balancing: "least-loaded" } },
      'services.web.balancing: got "least-loaded"; allowed: "round-robin" with platform kubernetes: an Ingress has no other way; remove it',
      { platform: "kubernetes" },
    ],
  ];
  it.each(rows.map(([services, message, more = {}]) => [{ services, ...more }, message] as const))(
    "%j",
    (values, message) => {
      expect(messageOf(values)).toContainEqual(`  apprun:${message}`);
    },
  );
});

describe("what would weaken the stack", () => {
  it.each<readonly [Record<string, unknown>, string]>([
    [
      { privileged: true },
      "services.web.privileged: got true; allowed: nothing: the policy no-privileged holds for every container; change it",
    ],
    [
      { hostPath: "/var/run/docker.sock" },
      'services.web.hostPath: got "/var/run/docker.sock"; allowed: nothing: the policy no-host-paths lets volumes of the stack pass only; volumes has them; change it',
    ],
    [
      { ports: ["5432:5432"] },
      "services.web.ports: got a list; allowed: nothing: the policy only-proxy-public lets the proxy alone listen on the host; port says where it listens; change it",
    ],
    [
      { hostNetwork: true },
      "services.web.hostNetwork: got true; allowed: nothing: the policy no-host-namespaces holds for every container; change it",
    ],
    [
      { image: { ...IMAGE, tag: "latest" } },
      'services.web.image.tag: got "latest"; allowed: a tag that names one version, such as "1.4.2"; change it',
    ],
    [
      { image: { ...IMAGE, uid: 0 } },
      "services.web.image.uid: got 0; allowed: a whole number from 1 to 2147483647; change it",
    ],
  ])("is refused with the setting's name: %j", (changes, message) => {
    expect(messageOf({ services: { web: { ...WEB, ...changes } } })).toEqual([`  apprun:${message}`]);
  });

  it("is in no list of what is allowed", () => {
    const [message = ""] = messageOf({ services: { web: { ...WEB, privilegd: true } } });
    expect(message).toContain(
      "apprun:services.web.privilegd: got an unknown key; allowed: autoscaling, balancing, command",
    );
    expect(message).not.toContain("privileged,");
  });
});

describe("a generation of a service's password", () => {
  it("is known while the service has a database, and refused otherwise", () => {
    const rotation = { "postgres-provision-web": 2 };
    expect(messageOf({ rotation, services: { web: { ...WEB, connectsTo: ["postgres"] } } })).toEqual([]);
    expect(messageOf({ rotation, services: { web: WEB } })[0]).toContain(
      "apprun:rotation.postgres-provision-web: got an unknown key",
    );
  });
});
