import { formatMebibytes, mebibytes, millicores } from "../model/units.js";
import { CATALOGUE, IMAGE_NAMES } from "../model/images.js";
import { budget, total } from "./budget.js";
import type { SettingsProblem } from "./problems.js";
import type { Settings } from "./settings.js";

/** A rule over several settings: what is wrong, or nothing. */
type Rule = (settings: Settings) => SettingsProblem | undefined;

const problem = (path: string, got: string, allowed: string, fix: string): SettingsProblem => ({ path, got, allowed, fix });

/** The part of a cache's memory that may hold data: rewriting the append-only file forks, and pages written meanwhile exist twice. */
const CACHE_DATA_SHARE = 0.75;
const POSTGRES_MAJORS = /^(15|16|17|18)\b/;

/** Every rule that a single key cannot express. All of them are checked, so that all problems show at once. */
const RULES: readonly Rule[] = [
  ({ environment, volumes }) =>
    environment.kind === "pr" && volumes.protect
      ? problem("volumes.protect", "true", "false in a PR stack, which is made to be thrown away", "remove it or set it to false")
      : undefined,
  ({ environment, proxy }) =>
    environment.kind === "pr" && proxy.bind === "public"
      ? problem("proxy.bind", '"public"', '"loopback" in a PR stack', "remove it and reach the stack through the host's own proxy or a tunnel")
      : undefined,
  ({ environment, domain }) =>
    environment.kind === "prod" && domain.endsWith("localhost")
      ? problem("domain", JSON.stringify(domain), "a domain of your own in prod", 'set it, such as "example.com"')
      : undefined,
  ({ postgres }) =>
    postgres.mode === "container" && postgres.external !== undefined
      ? problem("postgres.external", "a map", "nothing with postgres.mode container", "set postgres.mode to external or remove postgres.external")
      : undefined,
  ({ postgres }) =>
    postgres.mode === "external" && postgres.external === undefined
      ? problem("postgres.external", "nothing", "host, port, adminUser and sslMode of the server", "add it or set postgres.mode to container")
      : undefined,
  ({ postgres, secrets }) =>
    postgres.mode === "external" && secrets.postgresAdminPassword === undefined
      ? problem("postgresAdminPassword", "nothing", "a secret with postgres.mode external", "run: pulumi config set --secret apprun:postgresAdminPassword")
      : undefined,
  ({ kratos, secrets }) =>
    kratos.mailFrom !== undefined && secrets.smtpUri === undefined
      ? problem("smtpUri", "nothing", "a secret with kratos.mailFrom", "run: pulumi config set --secret apprun:smtpUri")
      : undefined,
  ({ kratos, secrets }) =>
    kratos.mailFrom === undefined && secrets.smtpUri !== undefined
      ? problem("kratos.mailFrom", "nothing", "the sender's address with the secret smtpUri", 'set it, such as "noreply@example.com"')
      : undefined,
  ({ proxy }) =>
    proxy.bind === "public" && proxy.port === proxy.teamPort
      ? problem("proxy.teamPort", String(proxy.teamPort), "another port than proxy.port when the proxy is public", "change one of them")
      : undefined,
  ({ proxy }) =>
    proxy.bind === "loopback" && proxy.port !== proxy.teamPort
      ? problem(
          "proxy.teamPort",
          String(proxy.teamPort),
          "nothing with proxy.bind loopback: operators' pages are on proxy.port",
          "remove it or set proxy.bind to public",
        )
      : undefined,
  ({ cache }) => {
    const most = Math.floor(mebibytes(cache.resources.limits.memory) * CACHE_DATA_SHARE);
    return mebibytes(cache.maxMemory) > most
      ? problem(
          "cache.maxMemory",
          JSON.stringify(cache.maxMemory),
          `at most ${most}Mi, three quarters of cache.resources.limits.memory`,
          "lower it or raise the limit",
        )
      : undefined;
  },
  ({ postgres }) =>
    postgres.mode === "container" && mebibytes(postgres.resources.limits.memory) < 256
      ? problem("postgres.resources.limits.memory", JSON.stringify(postgres.resources.limits.memory), "at least 256Mi", "raise it")
      : undefined,
  ({ app, postgres }) =>
    postgres.mode === "container" && app.dbMaxConnections >= postgres.maxConnections
      ? problem(
          "app.dbMaxConnections",
          String(app.dbMaxConnections),
          `fewer than postgres.maxConnections (${postgres.maxConnections})`,
          "lower it or raise postgres.maxConnections",
        )
      : undefined,
  ({ images }) => {
    const tag = images.pins.postgres?.tag;
    return tag !== undefined && tag !== "latest" && !POSTGRES_MAJORS.test(tag)
      ? problem("images.pins.postgres.tag", JSON.stringify(tag), "a tag of PostgreSQL 15, 16, 17 or 18", `choose one, such as "${CATALOGUE.postgres.tag}"`)
      : undefined;
  },
  ({ images }) => {
    const floating = IMAGE_NAMES.find((name) => images.pins[name]?.tag === "latest");
    return floating === undefined
      ? undefined
      : problem(`images.pins.${floating}.tag`, '"latest"', "a tag that names one version", `choose one, such as "${CATALOGUE[floating].tag}"`);
  },
  (settings) =>
    fits("host.memory", settings.host.memory, total(budget(settings), "memory"), "the memory limits of all services", "lower limits or name a larger host"),
  (settings) => fits("host.disk", settings.host.disk, total(budget(settings), "disk"), "the planned sizes of all volumes", "lower sizes or name a larger host"),
  ({ host, ...settings }) => {
    const largest = Math.max(...budget(settings).map(({ cpu, replicas }) => cpu / replicas));
    return largest > millicores(host.cpu)
      ? problem("host.cpu", JSON.stringify(host.cpu), `at least ${largest}m, the largest CPU limit of one service`, "lower that limit or name a larger host")
      : undefined;
  },
];

function fits(path: string, given: Settings["host"]["memory"], needed: number, what: string, fix: string): SettingsProblem | undefined {
  return needed > mebibytes(given) ? problem(path, JSON.stringify(given), `at least ${formatMebibytes(needed)}, the sum of ${what}`, fix) : undefined;
}

/** Services with requests and limits, by their settings' key. */
const SIZED = ["proxy", "app", "postgres", "cache", "kratos", "temporal", "prometheus", "grafana"] as const;

/** A promise above the limit is refused by Kubernetes and meaningless on Docker. */
function requestsWithinLimits(settings: Settings): readonly SettingsProblem[] {
  return SIZED.flatMap((key) => {
    const { requests, limits } = settings[key].resources;
    const above = (unit: "cpu" | "memory", over: boolean) =>
      over
        ? [problem(`${key}.resources.requests.${unit}`, JSON.stringify(requests[unit]), `at most the limit, ${limits[unit]}`, "lower it or raise the limit")]
        : [];
    return [...above("cpu", millicores(requests.cpu) > millicores(limits.cpu)), ...above("memory", mebibytes(requests.memory) > mebibytes(limits.memory))];
  });
}

/** Everything that is wrong across the settings. */
export function ruleProblems(settings: Settings): readonly SettingsProblem[] {
  return [...RULES.flatMap((rule) => rule(settings) ?? []), ...requestsWithinLimits(settings)];
}
