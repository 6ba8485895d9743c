import { DEFAULT_LIMITS } from "../../model/limits.ts";
import { DEFAULT_HEADERS } from "../../model/response-headers.ts";
import { problem, type Rule } from "../../settings/kit/rule.ts";
import type { SettingsProblem } from "../../settings/kit/settings-problem.ts";
import type { Settings } from "../settings.ts";

/** A setting as it is written, with what it was given and what it is without that. */
interface Given {
  readonly path: string;
  readonly value: unknown;
  /** @default - it has none */
  readonly otherwise?: unknown;
}

const OTHER = "kubernetes.ingress.controller other";

/** On a cluster the way in is somebody else's program: what it cannot be told is refused, so that nobody relies on it. */
export const controllerRules: readonly Rule<Settings>[] = [
  // Traefik's own defaults of these are the same as this program's.
  onTraefik(({ limits }) =>
    (["readTimeout", "idleTimeout"] as const).flatMap((key) =>
      changed({ path: `limits.${key}`, value: limits[key], otherwise: DEFAULT_LIMITS[key] }, (allowed) => [
        `${allowed} with platform kubernetes, where this is part of the entry points of the cluster's Traefik`,
        `remove it, and set transport.respondingTimeouts.${key} below ports.web and ports.websecure in the values of Traefik's chart`,
      ]),
    ),
  ),
  onTraefik(({ kubernetes: { ingress } }) =>
    changed({ path: "kubernetes.ingress.annotations", value: someOf(ingress.annotations) }, (allowed) => [
      `${allowed} with kubernetes.ingress.controller traefik, whose routes are no Ingresses`,
      "remove it",
    ]),
  ),
  onOther((settings) =>
    unknownToOthers(settings).flatMap((given) =>
      changed(given, (allowed) => [
        `${allowed} with ${OTHER}, which this program cannot tell it to`,
        "remove it, and set the same in that controller, by kubernetes.ingress.annotations where it reads them",
      ]),
    ),
  ),
  onOther(({ postgrest: { enabled, mode } }) =>
    enabled && mode === "route"
      ? [
          problem(
            "postgrest.mode",
            JSON.stringify(mode),
            `"internal" with ${OTHER}: an Ingress takes nothing from a path`,
            "change it, and let the app forward requests",
          ),
        ]
      : [],
  ),
  ({ platform, kubernetes: { ingress }, tls }) =>
    platform === "kubernetes" && ingress.clusterIssuer !== undefined && tls.mode !== "acme"
      ? problem(
          "kubernetes.ingress.clusterIssuer",
          JSON.stringify(ingress.clusterIssuer),
          "nothing but with tls.mode acme",
          "remove it or set tls.mode to acme",
        )
      : undefined,
];

/** What only Traefik's own kinds can say. */
function unknownToOthers({ limits, tls, front, app, services }: Settings): readonly Given[] {
  return [
    ...leaves("limits", limits, DEFAULT_LIMITS),
    { path: "tls.hsts", value: tls.hsts },
    { path: "front.clientAddress", value: front?.clientAddress },
    { path: "front.hops", value: front?.hops },
    ...leaves("app.headers", app.headers, DEFAULT_HEADERS),
    ...Object.entries(services).flatMap(([name, { route }]): readonly Given[] =>
      route === undefined
        ? []
        : [
            { path: `services.${name}.route.rate`, value: route.rate, otherwise: "standard" },
            ...leaves(`services.${name}.route.headers`, route.headers, DEFAULT_HEADERS),
          ],
    ),
  ];
}

function leaves(path: string, value: unknown, otherwise: unknown): readonly Given[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [{ path, value, otherwise }];
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(`${path}.${key}`, inner, (otherwise as Readonly<Record<string, unknown>>)[key]),
  );
}

function changed(
  { path, value, otherwise }: Given,
  words: (allowed: string) => readonly [allowed: string, fix: string],
): readonly SettingsProblem[] {
  if (value === otherwise) return [];
  const [allowed, fix] = words(otherwise === undefined ? "nothing" : JSON.stringify(otherwise));
  return [problem(path, JSON.stringify(value), allowed, fix)];
}

function someOf(map: Readonly<Record<string, string>>): Readonly<Record<string, string>> | undefined {
  return Object.keys(map).length > 0 ? map : undefined;
}

function onTraefik(rule: (settings: Settings) => readonly SettingsProblem[]): Rule<Settings> {
  return on("traefik", rule);
}

function onOther(rule: (settings: Settings) => readonly SettingsProblem[]): Rule<Settings> {
  return on("other", rule);
}

function on(
  controller: Settings["kubernetes"]["ingress"]["controller"],
  rule: (settings: Settings) => readonly SettingsProblem[],
): Rule<Settings> {
  return (settings) =>
    settings.platform === "kubernetes" && settings.kubernetes.ingress.controller === controller
      ? rule(settings)
      : undefined;
}
