import type { ContainerSpec, ScheduleSpec, WorkloadSpec } from "../../model/workload.ts";
import { linked } from "../kit/link.ts";
import { databaseAccess, directly, replicaAccess, trustFiles } from "../postgres/database.ts";
import type { OwnContainerArgs } from "./args.ts";
import { probeOf, type OwnServiceFacts } from "./preset.ts";
import { ownTold } from "./told.ts";

/** The only name of a run; the service says what it is. */
const RUN = "run";
/** Where Prometheus asks, when it is no port that the service has anyway. */
const METRICS = "metrics";

/** A service that runs all the time. */
export function ownWorkload(args: OwnContainerArgs): WorkloadSpec<"app"> {
  const { service, name } = args;
  const probe = probeOf(service);
  if (probe === undefined) throw new Error(`service ${name} passed the rules without a probe`);
  return {
    ...container(args),
    ...(service.command && { args: service.command }),
    tier: "app",
    ports: ports(service),
    probe,
    replicas: service.replicas,
    autoscaling: service.autoscaling,
    stopGrace: service.stopGrace,
    readyTimeout: service.readyTimeout,
    ...metrics(service, name),
  };
}

/** A service that runs at set times. */
export function ownSchedule(args: OwnContainerArgs, cron: string): ScheduleSpec {
  return { ...container(args), runs: { [RUN]: { cron, command: args.service.command ?? [] } } };
}

function container(args: OwnContainerArgs) {
  const { service, image, database } = args;
  const links = linked(args.links);
  const access = database && databaseAccess(database);
  const reads = database ? replicaAccess(database) : [];
  return {
    zone: "backend",
    image,
    ...ownTold(args),
    files: [...args.files, ...links.files, ...(database ? trustFiles(directly(database).server) : [])],
    mounts: args.mounts,
    resources: service.resources,
    runAs: { uid: image.uid, gid: image.gid },
    connectsTo: [...(access?.connectsTo ?? []), ...reads, ...links.connectsTo],
    ...(reads.length > 0 && { worksWithout: reads.map(({ workload }) => workload) }),
    egress: service.egress || (access?.egress ?? false),
    dependsOn: [...args.dependsOn, ...(database ? [database.ready] : []), ...links.dependsOn],
  } satisfies ContainerSpec;
}

function ports({ port, route, metrics: asked }: OwnServiceFacts): WorkloadSpec<"app">["ports"] {
  return {
    ...(port !== undefined && { http: { port, exposure: route === undefined ? "internal" : "proxied" } }),
    ...(asked?.port !== undefined && asked.port !== port && { [METRICS]: { port: asked.port, exposure: "internal" } }),
  };
}

/** What is watched of it has no names that are known here: whether it answers, restarts and how much memory it uses. */
function metrics(
  { metrics: asked, port }: OwnServiceFacts,
  name: string,
): Pick<WorkloadSpec<"app">, "metrics" | "observability"> {
  if (asked === undefined) return {};
  const own = asked.port !== undefined && asked.port !== port;
  return { metrics: { port: own ? METRICS : "http", path: asked.path }, observability: { service: name } };
}
