import { seconds } from "../../model/units.ts";
import { problem, type Rule } from "../../settings/kit/rule.ts";
import { isSample } from "../app/rules.ts";
import type { OwnServiceRule, Read } from "./own-service-rule.ts";
import { factsOf, POSTGRES, probeOf } from "./preset.ts";
import { scheduleRules } from "./schedule-rules.ts";
import { volumeRules } from "./volume-rules.ts";

const nothing = (path: string, got: string, why: string) => problem(path, got, `nothing ${why}`, "remove it");

/** The app's image, where the settings name none. */
const CATALOGUES = { probeTool: "curl" };

const RULES: readonly OwnServiceRule[] = [
  ({ image }, path, { app, images }) =>
    image === undefined && isSample(app, images)
      ? problem(
          `${path}.image`,
          "nothing, and app.image nothing either",
          "an image: without one a service runs the app's",
          "name one here or in app.image",
        )
      : undefined,
  (service, path) =>
    service.schedule === undefined && probeOf(service) === undefined
      ? problem(
          `${path}.probe`,
          "neither a port nor a command",
          "a command that tells whether the service works, or a port that answers over HTTP",
          "set probe.command, or port",
        )
      : undefined,
  ({ preset, probeCommand }, path) =>
    preset === "worker" && probeCommand === undefined
      ? problem(
          `${path}.probe.command`,
          "nothing",
          "a command with the preset worker: a worker that has lost Temporal still runs",
          "name one that asks the worker itself",
        )
      : undefined,
  (service, path, { platform, app }) => {
    const image = service.image ?? app.image ?? CATALOGUES;
    return platform === "docker" &&
      service.schedule === undefined &&
      probeOf(service)?.kind === "http" &&
      image.probeTool === undefined
      ? problem(
          `${path}.image`,
          "neither probeTool nor probeCommand",
          "one of them on a Docker host, which runs health checks inside the container",
          "name what the image has",
        )
      : undefined;
  },
  ({ image }, path) =>
    image?.probeTool !== undefined && image.probeCommand !== undefined
      ? problem(`${path}.image.probeCommand`, "a list", "nothing with image.probeTool", "remove one of the two")
      : undefined,
  ({ probe, probeCommand }, path) =>
    probeCommand !== undefined && (probe.path !== undefined || probe.ready !== undefined)
      ? nothing(`${path}.probe`, "a path", "where a command tells whether it works")
      : undefined,
  ({ port, route, preset }, path) =>
    port === undefined && route !== undefined
      ? problem(`${path}.port`, "nothing", "the port that its route leads to", "set it")
      : preset === "frontend" && route === undefined
        ? problem(
            `${path}.route`,
            "nothing",
            "a route with the preset frontend",
            'set it, such as { subdomain: "www" }',
          )
        : undefined,
  ({ route }, path) =>
    route?.host !== undefined && route.subdomain !== undefined
      ? problem(`${path}.route.host`, JSON.stringify(route.host), "nothing with subdomain", "remove one of the two")
      : undefined,
  ({ port, metrics }, path) =>
    metrics !== undefined && port === undefined && metrics.port === undefined
      ? problem(`${path}.metrics.port`, "nothing", "a port, where the service has none", "set it")
      : undefined,
  ({ connectsTo, database }, path) =>
    database !== undefined && !connectsTo.includes(POSTGRES)
      ? nothing(`${path}.database`, "a map", `without ${POSTGRES} in connectsTo`)
      : undefined,
  ({ database }, path) =>
    database?.of === "app" && database.extensions.length > 0
      ? nothing(`${path}.database.extensions`, "a list", "with of: app; postgres.extensions are the app's")
      : undefined,
  ({ drain, stopGrace }, path) =>
    drain !== undefined && seconds(drain) >= seconds(stopGrace)
      ? problem(
          `${path}.drain`,
          JSON.stringify(drain),
          `less than stopGrace, ${stopGrace}: what is not done by then is killed`,
          "lower it or raise stopGrace",
        )
      : undefined,
  ({ autoscaling }, path, { platform }) =>
    autoscaling !== undefined && platform === "docker"
      ? problem(
          `${path}.autoscaling`,
          "a map",
          "nothing with platform docker, which runs a fixed number of replicas",
          "remove it and set replicas",
        )
      : undefined,
  ({ autoscaling, replicas }, path) =>
    autoscaling !== undefined && autoscaling.maxReplicas <= replicas
      ? problem(
          `${path}.autoscaling.maxReplicas`,
          String(autoscaling.maxReplicas),
          `more than replicas (${replicas})`,
          "raise it or lower replicas",
        )
      : undefined,
  ({ balancing }, path, { platform }) =>
    platform === "kubernetes" && balancing !== "round-robin"
      ? problem(
          `${path}.balancing`,
          JSON.stringify(balancing),
          '"round-robin" with platform kubernetes: an Ingress has no other way',
          "remove it",
        )
      : undefined,
];

/** What is wrong with each service by itself. */
export const ownServiceRules: readonly Rule<Read>[] = [...RULES, ...scheduleRules, ...volumeRules].map(
  (rule) => (settings: Read) =>
    Object.entries(settings.services).flatMap(
      ([name, given]) => rule(factsOf(given), `services.${name}`, settings) ?? [],
    ),
);
